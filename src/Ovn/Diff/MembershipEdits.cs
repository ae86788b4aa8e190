using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>The members that sets of existing rows gain and lose, gathered so that each parent is changed by one operation.</summary>
internal sealed class MembershipEdits
{
    private readonly SortedDictionary<(string Table, Guid Parent), SortedDictionary<string, Edit>> _parents = [];

    /// <summary>The existing rows that join or leave a set.</summary>
    public HashSet<Guid> Touched { get; } = [];

    public void Add(string table, Row parent, string column, Atom child)
    {
        Of(table, parent, column).Added.Add(child);
        if (child.Kind == AtomKind.Uuid)
            Touched.Add(child.AsGuid);
    }

    public void Remove(string table, Row parent, string column, Atom child)
    {
        Of(table, parent, column).Removed.Add(child);
        Touched.Add(child.AsGuid);
    }

    /// <summary>One operation per parent, in the order of tables and UUIDs.</summary>
    public IEnumerable<Operation> ToOperations()
    {
        foreach (var ((table, parent), columns) in _parents)
        {
            var mutations = new List<Mutation>();
            foreach (var (column, edit) in columns)
            {
                if (edit.Removed.Count > 0)
                    mutations.Add(new(column, Mutator.Delete, Value.Set(edit.Removed)));
                if (edit.Added.Count > 0)
                    mutations.Add(new(column, Mutator.Insert, Value.Set(edit.Added)));
            }
            yield return new Mutate(table, [Condition.Uuid(parent)], mutations);
        }
    }

    private Edit Of(string table, Row parent, string column)
    {
        if (!_parents.TryGetValue((table, parent.Uuid), out var columns))
            _parents[(table, parent.Uuid)] = columns = new(StringComparer.Ordinal);
        if (!columns.TryGetValue(column, out var edit))
            columns[column] = edit = new();
        return edit;
    }

    private sealed class Edit
    {
        public List<Atom> Added { get; } = [];

        public List<Atom> Removed { get; } = [];
    }
}
