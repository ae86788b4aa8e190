namespace Sluice.Ovsdb;

/// <summary>The local copy of the monitored part of a database.</summary>
public sealed class Replica
{
    private ReplicaSnapshot _current = ReplicaSnapshot.Empty([], []);

    /// <summary>
    /// Runs on the read loop after <see cref="Current"/> was replaced and before any later reply is delivered. Handlers only note
    /// what changed: what they do, the next message waits for.
    /// </summary>
    public event Action<ReplicaDelta>? Changed;

    /// <summary>
    /// The newest complete view. While the connection is down it is the last one: old, but never a part of the truth.
    /// </summary>
    public ReplicaSnapshot Current => Volatile.Read(ref _current);

    internal void Apply(List<RowChange> changes)
    {
        if (changes.Count > 0)
            Replace(Current.With(changes), changes);
    }

    /// <summary>Takes a view that was loaded from scratch; only real differences are announced.</summary>
    internal void Reset(ReplicaSnapshot loaded)
    {
        var old = Current;
        var changes = new List<RowChange>();
        foreach (var table in loaded.Tables)
        {
            var before = old.HasTable(table.Schema.Name) ? old[table.Schema.Name] : null;
            foreach (var row in table.Rows)
            {
                var previous = before?.Find(row.Uuid);
                if (previous is null || !row.HasValuesOf(previous))
                    changes.Add(new(table.Schema.Name, previous, row));
            }
        }

        foreach (var table in old.Tables)
        {
            var after = loaded.HasTable(table.Schema.Name) ? loaded[table.Schema.Name] : null;
            changes.AddRange(table.Rows.Where(row => after?.Find(row.Uuid) is null).Select(row => new RowChange(table.Schema.Name, row, null)));
        }

        Replace(loaded.After(old), changes);
    }

    private void Replace(ReplicaSnapshot next, IReadOnlyList<RowChange> changes)
    {
        var before = Current;
        Volatile.Write(ref _current, next);
        Changed?.Invoke(new(before, next, changes));
    }
}
