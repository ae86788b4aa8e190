using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>Reads operations back as changes of rows that have names, for tools that show a difference instead of committing it.</summary>
public static class RowChanges
{
    /// <summary>The rows of ours that the operations change, ordered by owner and name. One row may appear twice, in different ways.</summary>
    /// <param name="nb">What the operations were made from.</param>
    public static ImmutableArray<RowChange> Of(IReadOnlyCollection<Operation> operations, NorthboundSnapshot nb)
    {
        var reader = new Reader(nb, Adopted(operations));
        return
        [
            .. operations.SelectMany(reader.Read)
                .OrderBy(change => change.Id.Owner.ToString(), StringComparer.Ordinal)
                .ThenBy(change => change.Id.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The rows of an earlier system that the operations make ours, with what these will be to their owner.</summary>
    public static IReadOnlyDictionary<Guid, RowId> Adopted(IEnumerable<Operation> operations)
    {
        var adopted = new Dictionary<Guid, RowId>();
        foreach (var mutate in operations.OfType<Mutate>())
        {
            foreach (var mutation in mutate.Mutations.Where(mutation => mutation.Column == "external_ids" && mutation.Mutator == Mutator.Insert))
            {
                if (IdOf(mutation.Value) is { } id && mutate.Where is [{ Column: "_uuid" } condition])
                    adopted[condition.Value.AsGuid()] = id;
            }
        }
        return adopted;
    }

    private static RowId? IdOf(Value? ids) => ids is { IsMap: true } && OwnerKey.TryParse(ids.Get(OwnerIds.Owner), out var owner) && ids.Get(OwnerIds.Row) is { } name
        ? new(owner, name)
        : null;

    private sealed class Reader(NorthboundSnapshot nb, IReadOnlyDictionary<Guid, RowId> adopted)
    {
        public IEnumerable<RowChange> Read(Operation operation) => operation switch
        {
            Insert insert => Inserted(insert),
            Update update => Changed(update.Table, update.Where, row => [.. update.Row.Select(column =>
                new ColumnChange(column.Key, row.Find(column.Key)?.ToString() ?? "nothing", column.Value.ToString()))]),
            Mutate mutate => Mutated(mutate),
            Delete delete => from row in Rows(delete.Table, delete.Where)
                             from change in Surplus(delete.Table, row)
                             select change,
            _ => [],
        };

        private static IEnumerable<RowChange> Inserted(Insert insert)
        {
            var ids = insert.Row.FirstOrDefault(column => column.Key == "external_ids").Value;
            if (RowChanges.IdOf(ids) is { } id)
            {
                var columns = insert.Row.Where(column => column.Key != "external_ids");
                yield return new(id, insert.Table, RowChangeKind.Missing, [.. columns.Select(column => new ColumnChange(column.Key, null, column.Value.ToString()))]);
            }
        }

        private IEnumerable<RowChange> Changed(
            string table, IReadOnlyList<Condition> conditions, Func<Row, ImmutableArray<ColumnChange>> columns) =>
            from row in Rows(table, conditions)
            let id = IdOf(row)
            where id is not null
            select new RowChange(id.Value, table, RowChangeKind.Different, columns(row));

        /// <summary>A set of references says something about the rows in it, anything else about the row that has it.</summary>
        private IEnumerable<RowChange> Mutated(Mutate mutate)
        {
            foreach (var mutation in mutate.Mutations)
            {
                if (mutation.Value.IsMap || mutation.Value.Keys.ToArray().All(atom => atom.Kind is not (AtomKind.Uuid or AtomKind.NamedUuid)))
                {
                    var wanted = mutation.Mutator == Mutator.Delete ? $"without {mutation.Value}" : mutation.Value.ToString();
                    foreach (var change in Changed(mutate.Table, mutate.Where, row =>
                        [new ColumnChange(mutation.Column, row.Find(mutation.Column)?.ToString() ?? "nothing", wanted)]))
                    {
                        yield return change;
                    }
                    continue;
                }

                // Members with a name that is not an UUID are inserted by the same operations.
                foreach (var (table, member) in Members(mutation.Value))
                {
                    if (mutation.Mutator == Mutator.Delete)
                    {
                        foreach (var change in Surplus(table, member))
                            yield return change;
                    }
                    else if (IdOf(member) is { } id)
                    {
                        yield return new(id, table, RowChangeKind.Different, [new($"{mutate.Table}.{mutation.Column}", null, "the row")]);
                    }
                }
            }
        }

        private IEnumerable<(string Table, Row Row)> Members(Value set) =>
            from atom in set.Keys.ToArray()
            where atom.Kind == AtomKind.Uuid
            from table in nb.Binding.Tables
            let row = nb.Rows(table)?.Find(atom.AsGuid)
            where row is not null
            select (table.Name, row);

        private IEnumerable<RowChange> Surplus(string table, Row row)
        {
            if (IdOf(row) is { } id)
                yield return new(id, table, RowChangeKind.Surplus, []);
        }

        private IEnumerable<Row> Rows(string table, IReadOnlyList<Condition> conditions) =>
            from condition in conditions
            where condition.Column == "_uuid"
            let row = nb.Find(table, condition.Value.AsGuid())
            where row is not null
            select row;

        private RowId? IdOf(Row row) => adopted.TryGetValue(row.Uuid, out var id) ? id : RowChanges.IdOf(row.Find("external_ids"));
    }
}
