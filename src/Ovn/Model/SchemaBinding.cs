using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>All modelled tables of a database met with the server's schema.</summary>
internal sealed class SchemaBinding
{
    private readonly FrozenDictionary<string, BoundTable> _tables;
    private readonly FrozenDictionary<string, ImmutableArray<ParentSet>> _parents;
    private readonly FrozenSet<string> _targets;

    public SchemaBinding(ImmutableArray<TableModel> tables, Func<string, TableSchema?> schema)
    {
        Tables = [.. tables.Select(table => new BoundTable(table, schema(table.Name)))];
        _tables = Tables.ToFrozenDictionary(table => table.Name, StringComparer.Ordinal);
        _parents = (
            from parent in Tables
            from set in parent.Sets
            where set.Exists
            group new ParentSet(parent, set) by set.Model.ChildTable)
            .ToFrozenDictionary(sets => sets.Key, sets => sets.ToImmutableArray(), StringComparer.Ordinal);
        _targets = Tables
            .Where(table => table.Model.Key is { Columns.Length: 1, WithinParent: false } || !table.Sets.IsEmpty)
            .Select(table => table.Name)
            .Concat(Tables.SelectMany(table => table.References.Select(column => column.Model.RefTable)))
            .ToFrozenSet(StringComparer.Ordinal);
    }

    public static SchemaBinding Of(ImmutableArray<TableModel> tables, ReplicaSnapshot replica) =>
        new(tables, name => replica.HasTable(name) ? replica[name].Schema : null);

    public ImmutableArray<BoundTable> Tables { get; }

    /// <summary>Whether the replica's tables are those that were bound, so that places of columns are the same.</summary>
    public bool Fits(ReplicaSnapshot replica) =>
        Tables.All(table => ReferenceEquals(table.Schema, replica.HasTable(table.Name) ? replica[table.Name].Schema : null));

    /// <exception cref="KeyNotFoundException">We do not model the table.</exception>
    public BoundTable this[string table] => _tables[table];

    /// <summary>Whether other plans may wait for rows of the table to come, or for their names to become free.</summary>
    public bool IsTarget(BoundTable table) => _targets.Contains(table.Name);

    /// <summary>The sets that rows of <paramref name="table"/> may be members of.</summary>
    public ImmutableArray<ParentSet> ParentsOf(string table) => _parents.TryGetValue(table, out var sets) ? sets : [];
}
