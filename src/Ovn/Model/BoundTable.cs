using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>A modelled table met with the server's schema: which of our columns it has, and where.</summary>
internal sealed class BoundTable
{
    private readonly int[] _places;

    /// <param name="schema">The server's table as far as it is replicated; null when there is no such table.</param>
    public BoundTable(TableModel model, TableSchema? schema)
    {
        Model = model;
        Schema = schema;
        _places = [.. model.Columns.Select(column => schema?.IndexOf(column.Name) ?? -1)];
        Written = Bind<WrittenColumn>();
        References = Bind<RefColumn>();
        Shared = Bind<SharedMapColumn>();
        Sets = Bind<MembersColumn>();
        ExternalIds = schema?.IndexOf(SharedMapColumn.ExternalIds.Name) ?? -1;
    }

    public TableModel Model { get; }

    public string Name => Model.Name;

    public TableSchema? Schema { get; }

    public bool Exists => Schema is not null;

    public ImmutableArray<BoundColumn<WrittenColumn>> Written { get; }

    public ImmutableArray<BoundColumn<RefColumn>> References { get; }

    public ImmutableArray<BoundColumn<SharedMapColumn>> Shared { get; }

    public ImmutableArray<BoundColumn<MembersColumn>> Sets { get; }

    /// <summary>The place of <c>external_ids</c>; negative when there is none.</summary>
    public int ExternalIds { get; }

    /// <summary>The set of this name.</summary>
    /// <exception cref="ArgumentException">The model has no such set.</exception>
    public BoundColumn<MembersColumn> Set(string column)
    {
        foreach (var set in Sets)
        {
            if (string.Equals(set.Name, column, StringComparison.Ordinal))
                return set;
        }
        throw new ArgumentException($"{Name}.{column} is no set that rows attach themselves to.", nameof(column));
    }

    /// <summary>The value of the column with this number in <see cref="TableModel.Columns"/>; null when the server lacks it.</summary>
    public Value? Value(Row row, int column) => _places[column] is >= 0 and var place ? row[place] : null;

    public OvnRow Read(Row row) => Model.Read(new(this, row));

    /// <summary>Whose row it is; null when it is not one of ours.</summary>
    public OwnerKey? OwnerOf(Row row) => ExternalIds >= 0 ? OwnerIds.OwnerOf(row[ExternalIds]) : null;

    /// <summary>What the row is to its owner: <see cref="RowId.Name"/>; null when nothing says so.</summary>
    public string? NameOf(Row row) => row[ExternalIds].Get(OwnerIds.Row);

    private ImmutableArray<BoundColumn<T>> Bind<T>()
        where T : ColumnModel
    {
        var bound = ImmutableArray.CreateBuilder<BoundColumn<T>>();
        for (var i = 0; i < Model.Columns.Length; i++)
        {
            if (Model.Columns[i] is T column)
                bound.Add(new(column, _places[i], _places[i] >= 0 && Schema!.Columns[_places[i]].Mutable));
        }
        return bound.ToImmutable();
    }
}
