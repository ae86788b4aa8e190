using Sluice.Ovn;

namespace Sluice.Controller.Addresses;

/// <summary>Keys that were refused an address, by subnet. Not thread-safe.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<string, HashSet<OwnerKey>> _bySubnet = new(StringComparer.Ordinal);
    private readonly Dictionary<OwnerKey, string> _subnets = [];

    public void Add(string subnet, OwnerKey key)
    {
        Remove(key);
        _subnets.Add(key, subnet);
        if (!_bySubnet.TryGetValue(subnet, out var keys))
            _bySubnet.Add(subnet, keys = []);
        keys.Add(key);
    }

    public void Remove(OwnerKey key)
    {
        if (!_subnets.Remove(key, out var subnet))
            return;
        var keys = _bySubnet[subnet];
        keys.Remove(key);
        if (keys.Count == 0)
            _bySubnet.Remove(subnet);
    }

    public List<OwnerKey> TakeAll(string subnet)
    {
        if (!_bySubnet.Remove(subnet, out var keys))
            return [];
        foreach (var key in keys)
            _subnets.Remove(key);
        return [.. keys];
    }
}
