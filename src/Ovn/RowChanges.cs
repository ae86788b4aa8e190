using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>Reads operations back as changes of rows that have names, for tools that show a difference instead of committing it.</summary>
public static class RowChanges
{
    /// <summary>The rows of ours that the operations change, ordered by owner and name. One row may appear twice, in different ways.</summary>
    /// <param name="nb">What the operations were made from.</param>
    public static ImmutableArray<RowChange> Of(IEnumerable<Operation> operations, NorthboundSnapshot nb) =>
    [
        .. operations.SelectMany(operation => Of(operation, nb))
            .OrderBy(change => change.Id.Owner.ToString(), StringComparer.Ordinal)
            .ThenBy(change => change.Id.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<RowChange> Of(Operation operation, NorthboundSnapshot nb) => operation switch
    {
        Insert insert => Inserted(insert),
        Update update => Changed(update.Table, update.Where, nb, row => [.. update.Row.Select(column =>
            new ColumnChange(column.Key, row.Find(column.Key)?.ToString() ?? "nothing", column.Value.ToString()))]),
        Mutate mutate => Mutated(mutate, nb),
        Delete delete => from row in Rows(delete.Table, delete.Where, nb)
                         from change in Surplus(delete.Table, row)
                         select change,
        _ => [],
    };

    private static IEnumerable<RowChange> Inserted(Insert insert)
    {
        var ids = insert.Row.FirstOrDefault(column => column.Key == "external_ids").Value;
        if (IdOf(ids) is { } id)
        {
            var columns = insert.Row.Where(column => column.Key != "external_ids");
            yield return new(id, insert.Table, RowChangeKind.Missing, [.. columns.Select(column => new ColumnChange(column.Key, null, column.Value.ToString()))]);
        }
    }

    private static IEnumerable<RowChange> Changed(
        string table, IReadOnlyList<Condition> conditions, NorthboundSnapshot nb, Func<Row, ImmutableArray<ColumnChange>> columns) =>
        from row in Rows(table, conditions, nb)
        let id = IdOf(row.Find("external_ids"))
        where id is not null
        select new RowChange(id.Value, table, RowChangeKind.Different, columns(row));

    /// <summary>A set of references says something about the rows in it, anything else about the row that has it.</summary>
    private static IEnumerable<RowChange> Mutated(Mutate mutate, NorthboundSnapshot nb)
    {
        foreach (var mutation in mutate.Mutations)
        {
            if (mutation.Value.IsMap || mutation.Value.Keys.ToArray().All(atom => atom.Kind is not (AtomKind.Uuid or AtomKind.NamedUuid)))
            {
                var wanted = mutation.Mutator == Mutator.Delete ? $"without {mutation.Value}" : mutation.Value.ToString();
                foreach (var change in Changed(mutate.Table, mutate.Where, nb, row =>
                    [new ColumnChange(mutation.Column, row.Find(mutation.Column)?.ToString() ?? "nothing", wanted)]))
                {
                    yield return change;
                }
                continue;
            }

            // Members with a name that is not an UUID are inserted by the same operations.
            foreach (var (table, member) in Members(mutation.Value, nb))
            {
                if (mutation.Mutator == Mutator.Delete)
                {
                    foreach (var change in Surplus(table, member))
                        yield return change;
                }
                else if (IdOf(member.Find("external_ids")) is { } id)
                {
                    yield return new(id, table, RowChangeKind.Different, [new($"{mutate.Table}.{mutation.Column}", null, "the row")]);
                }
            }
        }
    }

    private static IEnumerable<(string Table, Row Row)> Members(Value set, NorthboundSnapshot nb) =>
        from atom in set.Keys.ToArray()
        where atom.Kind == AtomKind.Uuid
        from table in nb.Binding.Tables
        let row = nb.Rows(table)?.Find(atom.AsGuid)
        where row is not null
        select (table.Name, row);

    private static IEnumerable<RowChange> Surplus(string table, Row row)
    {
        if (IdOf(row.Find("external_ids")) is { } id)
            yield return new(id, table, RowChangeKind.Surplus, []);
    }

    private static IEnumerable<Row> Rows(string table, IReadOnlyList<Condition> conditions, NorthboundSnapshot nb) =>
        from condition in conditions
        where condition.Column == "_uuid"
        let row = nb.Find(table, condition.Value.AsGuid())
        where row is not null
        select row;

    private static RowId? IdOf(Value? ids) => ids is { IsMap: true } && OwnerKey.TryParse(ids.Get(OwnerIds.Owner), out var owner) && ids.Get(OwnerIds.Row) is { } name
        ? new(owner, name)
        : null;
}
