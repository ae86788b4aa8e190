namespace Sluice.Plan.Addressing;

/// <summary>
/// The addresses of one subnet and family, and who has them. Fresh addresses are given lowest first; released ones wait at the end of
/// the line, in the order of their release, so that caches of neighbours forget them. Excluded addresses are given only on request.
/// What an operation costs does not depend on the size of the subnet, nor, on average, on the number of owners. Not thread-safe.
/// </summary>
public sealed class AddressPool
{
    private readonly IpRange _usable;
    private readonly RangeSet _excluded = new();
    private readonly Dictionary<string, UInt128> _addresses = [];
    private readonly Dictionary<UInt128, string> _owners = [];
    private readonly LinkedList<UInt128> _released = new();
    private readonly Dictionary<UInt128, LinkedListNode<UInt128>> _releasedNodes = [];

    // No address below this one is fresh: each is excluded, owned or released. It only ever grows, so that what an allocation skips
    // is skipped once. Null when nothing fresh is left.
    private UInt128? _firstFresh;
    private UInt128 _excludedInUse;

    /// <param name="gateway">Never given; null when the subnet has none.</param>
    /// <param name="excluded">Given only on request; what lies outside the subnet is ignored.</param>
    public AddressPool(Cidr cidr, IpAddress? gateway, params IEnumerable<IpRange> excluded)
    {
        Cidr = cidr;
        Gateway = gateway;
        _usable = cidr.Usable;
        _firstFresh = _usable.First.Value;
        if (gateway is { } address) excluded = excluded.Append(new IpRange(address));
        foreach (var range in excluded)
        {
            if (_usable.Intersect(range) is { } inside) _excluded.Add(inside);
        }
    }

    public Cidr Cidr { get; }

    public IpAddress? Gateway { get; }

    /// <summary>How many addresses hosts may have: always <see cref="Available"/> + <see cref="Used"/> + <see cref="Excluded"/>.</summary>
    public UInt128 Size => _usable.Size;

    /// <summary>How many addresses can be given without asking for one.</summary>
    public UInt128 Available => Size - Used - Excluded;

    /// <summary>How many addresses have an owner, excluded ones included.</summary>
    public UInt128 Used => (UInt128)_owners.Count;

    /// <summary>How many addresses are held back and have no owner.</summary>
    public UInt128 Excluded => _excluded.Count - _excludedInUse;

    public IpAddress? AddressOf(string owner) => _addresses.TryGetValue(owner, out var value) ? Address(value) : null;

    public string? OwnerOf(IpAddress address) => address.Family == Cidr.Family ? _owners.GetValueOrDefault(address.Value) : null;

    /// <summary>What stands against <paramref name="owner"/> getting <paramref name="wanted"/>, or any address if null; null if nothing.</summary>
    public Refusal? Check(string owner, IpAddress? wanted = null)
    {
        if (wanted is not { } address)
        {
            return _addresses.ContainsKey(owner) || Available > 0 ? null : new(RefusalReason.Exhausted, $"no address of {Cidr} is left");
        }
        if (CheckHost(Cidr, Gateway, address) is { } refusal) return refusal;
        return OwnerOf(address) is { } other && other != owner
            ? new(RefusalReason.Taken, $"{address} is taken by {other}", other)
            : null;
    }

    /// <summary>What stands against a host having an address, whoever else wants it; null if nothing.</summary>
    public static Refusal? CheckHost(Cidr cidr, IpAddress? gateway, IpAddress address)
    {
        if (address.Family != cidr.Family) return new(RefusalReason.Invalid, $"{address} is not of the family of {cidr}");
        if (!cidr.Usable.Contains(address)) return new(RefusalReason.OutOfRange, $"{address} is not a host address of {cidr}");
        return address == gateway ? new(RefusalReason.IsGateway, $"{address} is the gateway of {cidr}") : null;
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
        if (AddressOf(owner) is { } current)
        {
            if (wanted is null || wanted == current)
            {
                address = current;
                return true;
            }
            Release(owner);
        }
        address = wanted ?? Next();
        Take(owner, address);
        return true;
    }

    /// <summary>Takes the address of <paramref name="owner"/> back; false when it had none.</summary>
    public bool Release(string owner)
    {
        if (!_addresses.Remove(owner, out var value)) return false;
        _owners.Remove(value);
        if (_excluded.Contains(Address(value))) _excludedInUse--;
        else _releasedNodes.Add(value, _released.AddLast(value));
        return true;
    }

    /// <summary>The addresses that have an owner. Costs O(n log n) in their number.</summary>
    public RangeSet UsedRanges() => new(Runs());

    /// <summary>The addresses that can be given without asking for one. Costs O(n log n) in the number of owners.</summary>
    public RangeSet AvailableRanges()
    {
        var ranges = new RangeSet(_usable);
        foreach (var range in _excluded) ranges.Remove(range);
        foreach (var range in Runs()) ranges.Remove(range);
        return ranges;
    }

    /// <summary>The owners whose address no host may have under another configuration of the subnet.</summary>
    public IEnumerable<string> LosersUnder(SubnetAddresses addresses) =>
        from owner in _addresses
        where addresses.Check(Address(owner.Value)) is not null
        select owner.Key;

    /// <summary>
    /// The same owners under another configuration of the subnet. Owners whose address is not in the new CIDR, or is the new gateway,
    /// lose it; released addresses stay at the end of the line.
    /// </summary>
    public AddressPool Reconfigured(Cidr cidr, IpAddress? gateway, params IEnumerable<IpRange> excluded)
    {
        var pool = new AddressPool(cidr, gateway, excluded);
        if (cidr.Family != Cidr.Family) return pool;
        foreach (var (owner, value) in _addresses)
        {
            if (pool.Check(owner, Address(value)) is null) pool.Take(owner, Address(value));
        }
        foreach (var value in _released)
        {
            if (!pool._usable.Contains(Address(value)) || pool._excluded.Contains(Address(value))) continue;
            pool._releasedNodes.Add(value, pool._released.AddLast(value));
        }
        return pool;
    }

    private IpAddress Address(UInt128 value) => new(Cidr.Family, value);

    private IpAddress Next()
    {
        while (_firstFresh is { } value)
        {
            if (_excluded.TryFind(Address(value), out var range)) Skip(range.Last.Value);
            else if (_owners.ContainsKey(value) || _releasedNodes.ContainsKey(value)) Skip(value);
            else return Address(value);
        }
        return Address(_released.First!.Value);
    }

    private void Skip(UInt128 value) => _firstFresh = value < _usable.Last.Value ? value + 1 : null;

    private void Take(string owner, IpAddress address)
    {
        if (_releasedNodes.Remove(address.Value, out var node)) _released.Remove(node);
        if (_excluded.Contains(address)) _excludedInUse++;
        _owners.Add(address.Value, owner);
        _addresses.Add(owner, address.Value);
    }

    // The used addresses as ascending ranges.
    private IEnumerable<IpRange> Runs()
    {
        var values = _owners.Keys.ToArray();
        Array.Sort(values);
        for (int start = 0, end; start < values.Length; start = end)
        {
            end = start + 1;
            while (end < values.Length && values[end] == values[end - 1] + 1) end++;
            yield return new(Address(values[start]), Address(values[end - 1]));
        }
    }
}
