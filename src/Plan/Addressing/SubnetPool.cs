namespace Sluice.Plan.Addressing;

/// <summary>The addresses of a subnet, of both families, and its MAC addresses, and who has them. Not thread-safe.</summary>
public sealed class SubnetPool
{
    private readonly MacPool _macs;

    public SubnetPool(SubnetAddresses addresses)
        : this(PoolFor(addresses, IpFamily.V4), PoolFor(addresses, IpFamily.V6), new())
    {
    }

    private SubnetPool(AddressPool? v4, AddressPool? v6, MacPool macs) => (V4, V6, _macs) = (v4, v6, macs);

    /// <summary>Null when the subnet has no IPv4 addresses.</summary>
    public AddressPool? V4 { get; }

    /// <summary>Null when the subnet has no IPv6 addresses.</summary>
    public AddressPool? V6 { get; }

    /// <summary>Whether so many more owners could get addresses.</summary>
    public bool HasFree(int owners) => (V4?.Available ?? UInt128.MaxValue) >= (uint)owners && (V6?.Available ?? UInt128.MaxValue) >= (uint)owners;

    /// <summary>What <paramref name="owner"/> has; null when it has no MAC address here.</summary>
    public Lease? LeaseOf(string owner) =>
        _macs.MacOf(owner) is { } mac ? new Lease(new(V4?.AddressOf(owner), V6?.AddressOf(owner)), mac) : null;

    public string? OwnerOf(IpAddress address) => (address.Family == IpFamily.V4 ? V4 : V6)?.OwnerOf(address);

    public string? OwnerOf(MacAddress mac) => _macs.OwnerOf(mac);

    /// <summary>
    /// Gives <paramref name="owner"/> an address of each family and a MAC address; asking again gives the same. False leaves everything
    /// as it was.
    /// </summary>
    public bool TryAcquire(string owner, LeaseRequest request, out Lease? lease, out Refusal? refusal)
    {
        lease = null;
        refusal = Check(V4, IpFamily.V4, owner, request) ?? Check(V6, IpFamily.V6, owner, request) ?? _macs.Check(owner, request.Mac);
        if (refusal is not null) return false;
        lease = new(
            new(Allocate(V4, IpFamily.V4, owner, request), Allocate(V6, IpFamily.V6, owner, request)),
            _macs.Allocate(owner, request.Mac, request.MacSeed));
        return true;
    }

    /// <summary>Sets one address aside for <paramref name="owner"/>, without a MAC address. False leaves everything as it was.</summary>
    public bool TryReserve(string owner, IpAddress address, out Refusal? refusal)
    {
        var pool = address.Family == IpFamily.V4 ? V4 : V6;
        refusal = pool is null ? SubnetAddresses.OtherFamily(address) : null;
        return pool is not null && pool.TryAllocate(owner, address, out _, out refusal);
    }

    /// <summary>
    /// Gives <paramref name="owner"/> a MAC address only, as router ports need: their address is the gateway. False leaves everything as it was.
    /// </summary>
    public bool TryAcquireMac(string owner, MacAddress? wanted, string seed, out MacAddress mac, out Refusal? refusal)
    {
        mac = default;
        refusal = _macs.Check(owner, wanted);
        if (refusal is not null) return false;
        mac = _macs.Allocate(owner, wanted, seed);
        return true;
    }

    /// <summary>Takes everything of <paramref name="owner"/> back; false when it had nothing.</summary>
    public bool Release(string owner) => (V4?.Release(owner) ?? false) | (V6?.Release(owner) ?? false) | _macs.Release(owner);

    /// <summary>The owners of an address that no host may have under another configuration of the subnet.</summary>
    public IEnumerable<string> LosersUnder(SubnetAddresses addresses) =>
        (V4?.LosersUnder(addresses) ?? []).Union(V6?.LosersUnder(addresses) ?? [], StringComparer.Ordinal);

    /// <summary>The same owners under another configuration of the subnet; see <see cref="AddressPool.Reconfigured"/>.</summary>
    public SubnetPool Reconfigured(SubnetAddresses addresses) =>
        new(Reconfigured(V4, addresses, IpFamily.V4), Reconfigured(V6, addresses, IpFamily.V6), _macs.Copy());

    private static AddressPool? PoolFor(SubnetAddresses addresses, IpFamily family) =>
        addresses.Cidrs[family] is { } cidr ? new(cidr, addresses.Gateways[family], Excluded(addresses, family)) : null;

    private static AddressPool? Reconfigured(AddressPool? pool, SubnetAddresses addresses, IpFamily family) =>
        pool is not null && addresses.Cidrs[family] is { } cidr
            ? pool.Reconfigured(cidr, addresses.Gateways[family], Excluded(addresses, family))
            : PoolFor(addresses, family);

    private static IEnumerable<IpRange> Excluded(SubnetAddresses addresses, IpFamily family) =>
        addresses.Excluded.Where(range => range.Family == family);

    private static Refusal? Check(AddressPool? pool, IpFamily family, string owner, LeaseRequest request)
    {
        var wanted = request.Addresses[family];
        if (wanted is null && request.NoMore) return null;
        if (pool is not null) return pool.Check(owner, wanted);
        return wanted is { } address ? SubnetAddresses.OtherFamily(address) : null;
    }

    private static IpAddress? Allocate(AddressPool? pool, IpFamily family, string owner, LeaseRequest request)
    {
        var wanted = request.Addresses[family];
        if (wanted is null && request.NoMore) return null;
        return pool is not null && pool.TryAllocate(owner, wanted, out var address, out _) ? address : null;
    }
}
