using Sluice.Ovn;

namespace Sluice.Controller.Writers;

/// <summary>Which keys wait for rows of other owners, such as a port for its switch.</summary>
public sealed class MissingRows
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RowRef, HashSet<OwnerKey>> _waiting = [];

    public void Add(OwnerKey waiter, IEnumerable<RowRef> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                if (!_waiting.TryGetValue(row, out var waiters))
                    _waiting.Add(row, waiters = []);
                waiters.Add(waiter);
            }
        }
    }

    /// <summary>The keys that wait for any of these rows; they are forgotten, and say so if they wait again.</summary>
    public IReadOnlyCollection<OwnerKey> TakeWaiters(IReadOnlySet<RowRef> rows)
    {
        var taken = new HashSet<OwnerKey>();
        lock (_gate)
        {
            foreach (var row in rows)
            {
                if (_waiting.Remove(row, out var waiters))
                    taken.UnionWith(waiters);
            }
        }
        return taken;
    }
}
