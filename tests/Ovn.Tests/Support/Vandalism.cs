using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>What people do to a database by hand.</summary>
internal static class Vandalism
{
    /// <summary>A few edits of rows that have an owner.</summary>
    public static IReadOnlyList<Operation> Of(MemoryDatabase database, Random random)
    {
        var rows = database.Rows.OrderBy(row => row.Uuid).ToArray();
        return [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Edit(database, rows[random.Next(rows.Length)], random))];
    }

    private static Operation Edit(MemoryDatabase database, Row row, Random random)
    {
        Condition[] where = [Condition.Uuid(row.Uuid)];
        var table = row.Schema.Name;
        switch (random.Next(4))
        {
            case 0 when row.Schema.IsRoot:
                return new Delete(table, where);
            case 0 or 1:
                var column = table switch
                {
                    "NAT" => "external_ip",
                    "Logical_Router_Port" => "mac",
                    _ => "name",
                };
                return new Update(table, where, [new(column, Value.Of($"vandal-{random.Next()}"))]);
            case 2:
                string[] keys = [OwnerIds.Vendor, OwnerIds.Row, OwnerIds.Owner];
                return new Mutate(table, where, [new("external_ids", Mutator.Delete, Value.Of(keys[random.Next(2)]))]);
            default:
                var parents = database.Table("Logical_Router").OrderBy(parent => parent.Uuid).ToArray();
                var parent = parents[random.Next(parents.Length)];
                var set = table switch
                {
                    "NAT" => "nat",
                    "Logical_Router_Port" => "ports",
                    "Load_Balancer" => "load_balancer",
                    _ => null,
                };
                return set is null ? new Update(table, where, [new("options", Value.EmptyMap)])
                    : random.Next(2) == 0 ? Ops.Add(parent, set, Value.Of(row.Uuid))
                    : Ops.Remove(parent, set, row);
        }
    }
}
