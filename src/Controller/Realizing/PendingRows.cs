using System.Collections.Immutable;
using Sluice.Ovn;

namespace Sluice.Controller.Realizing;

/// <summary>
/// Rows of one VPC that chassis have yet to catch up with, and since when. Used by one worker at a time, except
/// <see cref="IsAwaiting"/>.
/// </summary>
internal sealed class PendingRows(TimeProvider time)
{
    /// <summary>Chassis that live need a fraction of this. Whoever is told then is told that one does not.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Pending> _rows = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, long> _awaited = ImmutableDictionary<string, long>.Empty;

    public bool IsEmpty => _rows.Count == 0;

    /// <summary>Rows are about to be written; whether they are will be seen.</summary>
    public void Write(ImmutableArray<string> rows)
    {
        foreach (var row in rows) _rows[row] = new(null, time.GetTimestamp());
    }

    public bool Contains(ImmutableArray<DesiredRow> rows) => _rows.Count > 0 && rows.Any(row => _rows.ContainsKey(row.Id.Name));

    /// <summary>The sequence number that stands for the newest of some rows; null when that is not known.</summary>
    public long? SequenceOf(ImmutableArray<DesiredRow> rows)
    {
        long? newest = null;
        foreach (var row in rows)
        {
            if (!_rows.TryGetValue(row.Id.Name, out var pending) || pending.Sequence is not { } sequence) return null;
            newest = Math.Max(newest ?? 0, sequence);
        }
        return newest;
    }

    public bool IsOverdue(ImmutableArray<DesiredRow> rows) =>
        rows.Any(row => _rows.TryGetValue(row.Id.Name, out var pending) && time.GetElapsedTime(pending.Since) >= Patience);

    /// <summary>Notes what is still awaited, and forgets the rest.</summary>
    /// <returns>When people are to be told of rows that they have not been told of; null when there are none.</returns>
    public TimeSpan? Keep(ImmutableArray<Plan.Vpcs.AwaitedRule> rules)
    {
        TimeSpan? due = null;
        var kept = new Dictionary<string, Pending>(StringComparer.Ordinal);
        var chassis = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            foreach (var name in rule.Rows.Select(row => row.Id.Name))
            {
                var since = _rows.TryGetValue(name, out var pending) ? pending.Since : time.GetTimestamp();
                kept.Add(name, new(rule.Sequence, since));
                var left = Patience - time.GetElapsedTime(since);
                if (left > TimeSpan.Zero && !(left >= due)) due = left;
            }
            foreach (var name in rule.Behind)
            {
                chassis[name] = Math.Min(chassis.GetValueOrDefault(name, long.MaxValue), rule.Sequence);
            }
        }
        _rows.Clear();
        foreach (var (name, pending) in kept) _rows.Add(name, pending);
        _awaited = chassis.ToImmutableDictionary(StringComparer.Ordinal);
        return due;
    }

    /// <summary>Whether a chassis that has come this far is what rows wait for. May be asked at any time.</summary>
    public bool IsAwaiting(string chassis, long reached) => _awaited.TryGetValue(chassis, out var sequence) && sequence <= reached;

    /// <param name="Sequence">Null when the rows may or may not have been committed.</param>
    private readonly record struct Pending(long? Sequence, long Since);
}
