using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Agent.Netlink;

namespace Sluice.Agent.Reconcile;

/// <summary>Which keys care for which interfaces, so that the hundreds that pods have wake nobody.</summary>
internal sealed class LinkWatch
{
    private readonly ConcurrentDictionary<AgentKey, Interest> _interests = new();

    /// <summary>Replaces what the key cares for.</summary>
    /// <param name="names">Interfaces, there or not.</param>
    /// <param name="links">The host's interfaces: events about addresses have no name, only an index.</param>
    public void Set(AgentKey key, IReadOnlyCollection<string> names, IEnumerable<LinkEntry> links)
    {
        if (names.Count == 0)
            _interests.TryRemove(key, out _);
        else
            _interests[key] = new Interest([.. names], [.. links.Where(link => names.Contains(link.Name)).Select(link => link.Index)]);
    }

    /// <summary>The keys that an event concerns.</summary>
    public IEnumerable<AgentKey> KeysFor(LinkEvent change) =>
        from interest in _interests
        where change.Index == 0 || interest.Value.Indexes.Contains(change.Index) || interest.Value.Names.Contains(change.Name)
        select interest.Key;

    private sealed record Interest(ImmutableHashSet<string> Names, ImmutableHashSet<int> Indexes);
}
