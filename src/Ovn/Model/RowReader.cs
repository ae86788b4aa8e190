using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>A database row under the column numbers of its <see cref="TableModel"/>.</summary>
internal readonly struct RowReader(BoundTable table, Row row)
{
    public T Get<T>(int column, Codec<T> codec) => table.Value(row, column) is { } value ? codec.Decode(value) : codec.Absent;

    public RowRef? GetRef(int column) =>
        table.Value(row, column) is { Count: > 0 } value ? RowRef.Of(value.AsGuid()) : null;

    public RefSet GetRefs(int column)
    {
        if (table.Value(row, column) is not { Count: > 0 } value)
            return RefSet.Empty;
        var members = new RowRef[value.Count];
        for (var i = 0; i < members.Length; i++)
            members[i] = RowRef.Of(value.Keys[i].AsGuid);
        return RefSet.Create(members);
    }
}
