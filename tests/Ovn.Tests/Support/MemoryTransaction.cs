using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>One transaction of a <see cref="MemoryDatabase"/>.</summary>
internal sealed class MemoryTransaction(MemorySchema schema, IReadOnlyDictionary<Guid, Row> start)
{
    private readonly Dictionary<Guid, Row> _rows = new(start);
    private readonly Dictionary<string, Guid> _named = [];

    public IReadOnlyDictionary<string, Guid> Named => _named;

    public void Declare(string name)
    {
        if (!name.All(unit => char.IsAsciiLetterOrDigit(unit) || unit == '_') || char.IsAsciiDigit(name[0]))
            throw new InvalidOperationException($"syntax error: {name} is no name");
        if (!_named.TryAdd(name, Guid.NewGuid()))
            throw new InvalidOperationException($"duplicate uuid-name: {name}");
    }

    public void Execute(Operation operation)
    {
        switch (operation)
        {
            case Insert insert:
                var table = Table(insert.Table);
                var values = table.Columns.Select(column => column.Type.Default).ToArray();
                foreach (var (column, value) in insert.Row)
                    values[Place(table, column)] = Resolve(value, table.Column(column)!.Type);
                var uuid = insert.UuidName is null ? Guid.NewGuid() : _named[insert.UuidName];
                _rows.Add(uuid, new(table, uuid, values));
                break;
            case Update update:
                foreach (var row in Matching(update.Table, update.Where))
                {
                    foreach (var (column, value) in update.Row)
                        Set(row.Uuid, column, Resolve(value, row.Schema.Column(column)!.Type));
                }
                break;
            case Mutate mutate:
                foreach (var row in Matching(mutate.Table, mutate.Where))
                {
                    foreach (var mutation in mutate.Mutations)
                        Set(row.Uuid, mutation.Column, Mutated(_rows[row.Uuid][mutation.Column], mutation));
                }
                break;
            case Delete delete:
                foreach (var row in Matching(delete.Table, delete.Where))
                    _rows.Remove(row.Uuid);
                break;
            default:
                throw new InvalidOperationException($"unexpected {operation}");
        }
    }

    /// <summary>Collects garbage and checks what a server checks at commit.</summary>
    public IReadOnlyDictionary<Guid, Row> Commit()
    {
        if (start.Values.FirstOrDefault(row => !_rows.ContainsKey(row.Uuid) && Held().Contains(row.Uuid)) is { } deleted)
            throw new InvalidOperationException($"referential integrity violation: cannot delete {deleted} because of remaining references");
        while (Garbage() is { Count: > 0 } garbage)
            garbage.ForEach(uuid => _rows.Remove(uuid));
        foreach (var row in _rows.Values.ToList())
        {
            for (var place = 0; place < row.Schema.Columns.Count; place++)
                CheckReferences(row, place);
        }
        foreach (var (table, indexes) in schema.Indexes)
        {
            foreach (var index in indexes)
            {
                var duplicate = _rows.Values
                    .Where(row => row.Schema.Name == table)
                    .GroupBy(row => string.Join('\n', index.Select(column => row[column].ToString())))
                    .FirstOrDefault(rows => rows.Count() > 1);
                if (duplicate is not null)
                    throw new InvalidOperationException($"constraint violation: two rows of {table} with {duplicate.Key}");
            }
        }
        return _rows;
    }

    private List<Guid> Garbage()
    {
        var held = Held();
        return [.. _rows.Values.Where(row => !row.Schema.IsRoot && !held.Contains(row.Uuid)).Select(row => row.Uuid)];
    }

    /// <summary>What strong references refer to.</summary>
    private HashSet<Guid> Held() => (
        from row in _rows.Values
        from place in Enumerable.Range(0, row.Schema.Columns.Count)
        where IsReference(row.Schema.Columns[place]) && !schema.Weak.Contains((row.Schema.Name, row.Schema.Columns[place].Name))
        from member in row[place].Keys.ToArray()
        select member.AsGuid).ToHashSet();

    private void CheckReferences(Row row, int place)
    {
        var column = row.Schema.Columns[place];
        if (!IsReference(column))
            return;
        var alive = row[place].Keys.ToArray()
            .Where(member => _rows.TryGetValue(member.AsGuid, out var target) && target.Schema.Name == column.Type.RefTable).ToList();
        if (alive.Count == row[place].Count)
            return;
        if (!schema.Weak.Contains((row.Schema.Name, column.Name)))
            throw new InvalidOperationException($"referential integrity violation: {row} refers in {column.Name} to a row that is not there");
        Set(row.Uuid, column.Name, Value.Set(alive), checkMutable: false);
    }

    private static bool IsReference(ColumnSchema column) => column.Type is { Key: AtomKind.Uuid, RefTable: not null };

    private List<Row> Matching(string table, IReadOnlyList<Condition> where) =>
        [.. _rows.Values.Where(row => row.Schema.Name == table && where.All(condition =>
            condition is { Column: "_uuid", Function: ConditionFunction.Equal } && Resolve(condition.Value.Keys[0]).AsGuid == row.Uuid))];

    private Value Mutated(Value value, Mutation mutation)
    {
        var operand = Resolve(mutation.Value, null);
        if (!value.IsMap)
        {
            var members = value.Keys.ToArray().ToHashSet();
            if (mutation.Mutator == Mutator.Insert)
                members.UnionWith(operand.Keys.ToArray());
            else
                members.ExceptWith(operand.Keys.ToArray());
            return Value.Set(members);
        }
        var pairs = new Dictionary<Atom, Atom>();
        for (var i = 0; i < value.Count; i++)
            pairs.Add(value.Keys[i], value.MapValues[i]);
        for (var i = 0; i < operand.Count; i++)
        {
            if (mutation.Mutator == Mutator.Insert)
                pairs.TryAdd(operand.Keys[i], operand.MapValues[i]);
            else
                pairs.Remove(operand.Keys[i]);
        }
        return Value.Map(pairs);
    }

    private void Set(Guid uuid, string column, Value value, bool checkMutable = true)
    {
        var row = _rows[uuid];
        var place = Place(row.Schema, column);
        if (checkMutable && !row.Schema.Columns[place].Mutable)
            throw new InvalidOperationException($"constraint violation: {row.Schema.Name}.{column} can not be changed");
        var values = Enumerable.Range(0, row.Schema.Columns.Count).Select(other => row[other]).ToArray();
        values[place] = value;
        _rows[uuid] = new(row.Schema, uuid, values);
    }

    private Value Resolve(Value value, ColumnType? type)
    {
        if (value.IsMap)
            return value;
        if (type is { IsMap: true } && value.IsEmpty)
            return Value.EmptyMap;
        return Value.Set(value.Keys.ToArray().Select(Resolve));
    }

    private Atom Resolve(Atom atom) =>
        atom.Kind != AtomKind.NamedUuid ? atom
        : _named.TryGetValue(atom.AsName, out var uuid) ? Atom.Of(uuid)
        : throw new InvalidOperationException($"unknown uuid-name {atom.AsName}");

    private TableSchema Table(string name) =>
        schema.Tables.FirstOrDefault(table => table.Name == name) ?? throw new InvalidOperationException($"unknown table {name}");

    private static int Place(TableSchema table, string column) =>
        table.IndexOf(column) is >= 0 and var place ? place : throw new InvalidOperationException($"unknown column {table.Name}.{column}");
}
