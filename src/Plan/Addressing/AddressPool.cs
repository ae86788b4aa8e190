namespace Sluice.Plan.Addressing;

/// <summary>
/// The addresses of one subnet and family, and who has them. Fresh addresses are given lowest first; released ones wait at the end of
/// the line, in the order of their release, so that caches of neighbours forget them. Excluded addresses are given only on request.
/// Every operation costs O(log n) whatever the size of the subnet. Not thread-safe.
/// </summary>
public sealed class AddressPool
{
    private readonly RangeSet _excluded = new();
    private readonly RangeSet _fresh = new();
    private readonly RangeSet _used = new();
    private readonly LinkedList<IpAddress> _released = new();
    private readonly Dictionary<IpAddress, LinkedListNode<IpAddress>> _releasedNodes = [];
    private readonly Dictionary<string, IpAddress> _addresses = [];
    private readonly Dictionary<IpAddress, string> _owners = [];

    /// <param name="gateway">Never given; null when the subnet has none.</param>
    /// <param name="excluded">Given only on request; what lies outside the subnet is ignored.</param>
    public AddressPool(Cidr cidr, IpAddress? gateway, params IEnumerable<IpRange> excluded)
    {
        Cidr = cidr;
        Gateway = gateway;
        _fresh.Add(cidr.Usable);
        if (gateway is { } address) excluded = excluded.Append(new IpRange(address));
        foreach (var range in excluded)
        {
            if (cidr.Usable.Intersect(range) is not { } inside) continue;
            _excluded.Add(inside);
            _fresh.Remove(inside);
        }
    }

    public Cidr Cidr { get; }

    public IpAddress? Gateway { get; }

    /// <summary>How many addresses hosts may have: always <see cref="Available"/> + <see cref="Used"/> + <see cref="Excluded"/>.</summary>
    public UInt128 Size => Cidr.Usable.Size;

    /// <summary>How many addresses can be given without asking for one.</summary>
    public UInt128 Available => _fresh.Count + (UInt128)_released.Count;

    /// <summary>How many addresses have an owner, excluded ones included.</summary>
    public UInt128 Used => (UInt128)_owners.Count;

    /// <summary>How many addresses are held back and have no owner.</summary>
    public UInt128 Excluded => Size - Available - Used;

    /// <summary>The addresses that have an owner.</summary>
    public IEnumerable<IpRange> UsedRanges => _used;

    public IpAddress? AddressOf(string owner) => _addresses.TryGetValue(owner, out var address) ? address : null;

    public string? OwnerOf(IpAddress address) => _owners.GetValueOrDefault(address);

    /// <summary>What stands against <paramref name="owner"/> getting <paramref name="wanted"/>, or any address if null; null if nothing.</summary>
    public Refusal? Check(string owner, IpAddress? wanted = null)
    {
        if (wanted is not { } address)
        {
            return _addresses.ContainsKey(owner) || Available > 0 ? null : new(RefusalReason.Exhausted, $"no address of {Cidr} is left");
        }
        if (address.Family != Cidr.Family) return new(RefusalReason.Invalid, $"{address} is not of the family of {Cidr}");
        if (!Cidr.Usable.Contains(address)) return new(RefusalReason.OutOfRange, $"{address} is not a host address of {Cidr}");
        if (address == Gateway) return new(RefusalReason.IsGateway, $"{address} is the gateway of {Cidr}");
        return OwnerOf(address) is { } other && other != owner
            ? new(RefusalReason.Taken, $"{address} is taken by {other}", other)
            : null;
    }

    /// <summary>
    /// Gives <paramref name="owner"/> the address it wants, or else the one it has, or else the next free one. An owner has one address:
    /// getting another releases it. False leaves everything as it was.
    /// </summary>
    public bool TryAllocate(string owner, IpAddress? wanted, out IpAddress address, out Refusal? refusal)
    {
        address = default;
        refusal = Check(owner, wanted);
        if (refusal is not null) return false;
        if (_addresses.TryGetValue(owner, out address))
        {
            if (wanted is null || wanted == address) return true;
            Release(owner);
        }
        address = wanted ?? Next();
        Take(owner, address);
        return true;
    }

    /// <summary>Takes the address of <paramref name="owner"/> back; false when it had none.</summary>
    public bool Release(string owner)
    {
        if (!_addresses.Remove(owner, out var address)) return false;
        _owners.Remove(address);
        _used.Remove(address);
        if (!_excluded.Contains(address)) _releasedNodes.Add(address, _released.AddLast(address));
        return true;
    }

    /// <summary>The addresses that can be given without asking for one.</summary>
    public RangeSet AvailableRanges()
    {
        var ranges = new RangeSet(Cidr.Usable);
        foreach (var range in _excluded) ranges.Remove(range);
        foreach (var range in _used) ranges.Remove(range);
        return ranges;
    }

    /// <summary>
    /// The same owners under another configuration of the subnet. Owners whose address is not in the new CIDR, or is the new gateway,
    /// lose it; released addresses stay at the end of the line.
    /// </summary>
    public AddressPool Reconfigured(Cidr cidr, IpAddress? gateway, params IEnumerable<IpRange> excluded)
    {
        var pool = new AddressPool(cidr, gateway, excluded);
        foreach (var (owner, address) in _addresses)
        {
            if (pool.Check(owner, address) is null) pool.Take(owner, address);
        }
        foreach (var address in _released)
        {
            if (!pool._fresh.Contains(address)) continue;
            pool._fresh.Remove(address);
            pool._releasedNodes.Add(address, pool._released.AddLast(address));
        }
        return pool;
    }

    private IpAddress Next() => _fresh.TryTakeFirst(out var address) ? address : _released.First!.Value;

    private void Take(string owner, IpAddress address)
    {
        if (_releasedNodes.Remove(address, out var node)) _released.Remove(node);
        else _fresh.Remove(address);
        _used.Add(address);
        _owners.Add(address, owner);
        _addresses.Add(owner, address);
    }
}
