using Sluice.Ovn;

namespace Sluice.Controller.Addresses;

/// <summary>Keys that were refused an address, by the subnets that refused. Not thread-safe.</summary>
internal sealed class Waiters
{
    private readonly Dictionary<string, HashSet<OwnerKey>> _bySubnet = new(StringComparer.Ordinal);

    public void Add(string subnet, OwnerKey key)
    {
        if (!_bySubnet.TryGetValue(subnet, out var keys))
            _bySubnet.Add(subnet, keys = []);
        keys.Add(key);
    }

    /// <summary>Forgets all keys that wait for the subnet and returns them.</summary>
    public IReadOnlyCollection<OwnerKey> TakeAll(string subnet) => _bySubnet.Remove(subnet, out var keys) ? keys : [];
}
