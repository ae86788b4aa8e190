using System.Collections.Concurrent;
using Sluice.Metrics;
using Sluice.Ovn;

namespace Sluice.Controller.Writers;

/// <summary>Counts rows that are written, by why they were.</summary>
/// <param name="rows">By kind of owner and reason.</param>
public sealed class RowAccounts(Counter rows)
{
    /// <summary>Plans with more rows are kept by the memory of their planner anyway; of smaller ones we keep less.</summary>
    private const int Large = 64;

    private readonly ConcurrentDictionary<OwnerKey, Last> _last = new();

    /// <summary>An owner's plan was compared with the database, and what differed was written.</summary>
    public void Enter(OwnerKey owner, IReadOnlyList<DesiredRow> plan, Changes changes)
    {
        var isKnown = _last.TryGetValue(owner, out var before);
        var isSame = isKnown && !changes.IsEmpty && before.Is(plan);
        if (plan.Count == 0)
            _last.TryRemove(owner, out _);
        else
            _last[owner] = plan.Count > Large ? new(plan, 0) : new(null, Fingerprint(plan));
        if (changes.IsEmpty)
            return;

        if (isSame)
        {
            // The plan is the same as last time, so somebody else has changed the rows.
            rows.Add(owner.Kind, "repaired", changes.Inserted + changes.Updated + changes.Deleted + changes.Adopted);
            return;
        }
        Add("inserted", changes.Inserted);
        Add("updated", changes.Updated);
        Add("adopted", changes.Adopted);
        // Rows of an owner that had none in this term: what owned them was gone before.
        Add(isKnown || plan.Count > 0 ? "deleted" : "orphaned", changes.Deleted);

        void Add(string change, int count)
        {
            if (count > 0) rows.Add(owner.Kind, change, count);
        }
    }

    private static int Fingerprint(IReadOnlyList<DesiredRow> plan)
    {
        var code = 1;
        foreach (var row in plan)
            code = unchecked(code + row.GetHashCode());
        return code;
    }

    private readonly record struct Last(IReadOnlyList<DesiredRow>? Plan, int Fingerprint)
    {
        public bool Is(IReadOnlyList<DesiredRow> plan) => Plan is null
            ? plan.Count is > 0 and <= Large && Fingerprint == RowAccounts.Fingerprint(plan)
            : plan.SequenceEqual(Plan);
    }
}
