using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Ports;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Addresses;

/// <summary>
/// Who has which address. Everything in here can be rebuilt from API objects: before anything is given out, <see cref="Build"/> enters
/// what all of them have. A claim that was granted stays granted until its object is gone, so that an address is not given again while
/// the first grant is still on its way to the API server.
/// </summary>
public sealed class AddressBook(Cluster cluster)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Pool> _pools = new(StringComparer.Ordinal);
    private readonly Dictionary<OwnerKey, Holding> _holdings = [];
    private readonly PodReservations _reservations = new();
    private readonly Waiters _waiters = new();
    private bool _isBuilt;

    /// <summary>Addresses of the subnet were given out or came back.</summary>
    public event Action<string>? UsageChanged;

    /// <summary>A key that was refused may ask again: something it may have waited for has changed.</summary>
    public event Action<OwnerKey>? Freed;

    /// <summary>Follows the caches; call once, before they start.</summary>
    public void Attach()
    {
        cluster.Subnets.Informer.Changed += (old, subnet) => SubnetChanged((subnet ?? old)!.Metadata.Name, subnet);
        cluster.Eips.Informer.Changed += (old, eip) => HolderChanged(old, eip, eip => AddressClaims.Of(eip, cluster.Defaults.SubnetOf(eip)));
        cluster.Vips.Informer.Changed += (old, vip) => HolderChanged(old, vip, AddressClaims.Of);
        cluster.Ips.Informer.Changed += (old, ip) => HolderChanged(old, ip, AddressClaims.Of);
    }

    /// <summary>
    /// Enters what all objects have, then what labels promise them, then what pods say that they were given, then what pods ask for by
    /// annotation, then what objects ask for by value, each the oldest first. The caches must be complete.
    /// </summary>
    public void Build(IReadOnlyList<PodAddress> ofPods)
    {
        lock (_gate)
        {
            foreach (var subnet in cluster.Subnets.Snapshot.All)
                Configure(subnet);
            var claims = AllClaims();
            EnterStored(claims);
            EnterPromised(claims);
            EnterStored(ClaimsOfPods());
            _reservations.Update(PoolOf(cluster.Defaults.ExternalSubnet), ofPods);
            EnterWanted(claims);
            _isBuilt = true;
        }
    }

    /// <summary>
    /// What an object gets that claims for itself. Asking again gives the same. One that is refused and has nothing stored has nothing: what
    /// it was given under a former spec never came to be written, so that no other process would know of it.
    /// </summary>
    /// <param name="waiter">The key to work on again when a refusal may have become obsolete; that of the object when null.</param>
    public AddressGrant Claim(AddressClaim claim, OwnerKey? waiter = null) => Claim(claim, waiter ?? claim.Owner, isItself: true);

    /// <summary>What an IP gets that may not exist yet. Asking again gives the same.</summary>
    /// <param name="port">The pod or node that it is for: who is worked on again when a refusal may have become obsolete.</param>
    public AddressGrant ClaimFor(OwnerKey port, AddressClaim claim) => Claim(claim, port, isItself: false);

    /// <summary>Has a key worked on again when a subnet comes.</summary>
    public void Await(string subnet, OwnerKey waiter)
    {
        lock (_gate)
            _waiters.Add(subnet, waiter);
    }

    /// <summary>Grants a claim if so many more could be granted; a refusal is not followed up.</summary>
    /// <returns>Null when it is refused, or nothing is given out yet.</returns>
    public AddressGrant? TryClaim(AddressClaim claim, int spare)
    {
        bool isNew;
        AddressGrant grant;
        lock (_gate)
        {
            if (!_isBuilt || PoolOf(claim.Subnet)?.HasFree(spare) != true)
                return null;
            (grant, isNew) = Grant(claim, []);
        }

        if (isNew)
            UsageChanged?.Invoke(claim.Subnet);
        return grant is { Lease: not null, Refusal: null } ? grant : null;
    }

    /// <summary>What an owner has; null when it has nothing.</summary>
    public Lease? LeaseOf(OwnerKey owner)
    {
        lock (_gate)
            return _holdings.TryGetValue(owner, out var holding) ? PoolOf(holding.Subnet)?.LeaseOf(owner.ToString()) : null;
    }

    /// <summary>
    /// Sets aside, in the default external subnet, the addresses that pods ask for by annotation, so that nobody else gets them, and gives
    /// back those that none asks for any more.
    /// </summary>
    /// <returns>Those that can not be set aside, with the reason.</returns>
    public IReadOnlyDictionary<IpAddress, Plan.Vpcs.Refusal> ReserveForPods(IReadOnlyList<PodAddress> addresses, OwnerKey waiter)
    {
        var subnet = cluster.Defaults.ExternalSubnet;
        Dictionary<IpAddress, Plan.Vpcs.Refusal> refusals;
        bool isLess, isMore;
        lock (_gate)
        {
            (refusals, isLess, isMore) = _reservations.Update(PoolOf(subnet), addresses);
            if (refusals.Count > 0)
                _waiters.Add(subnet, waiter);
        }
        if (isLess)
            Announce([subnet]);
        else if (isMore)
            UsageChanged?.Invoke(subnet);
        return refusals;
    }

    /// <summary>Who would lose an address if a subnet had others.</summary>
    public ImmutableArray<AddressUser> LosersUnder(string subnet, SubnetAddresses addresses)
    {
        lock (_gate)
            return PoolOf(subnet) is { } pool ? [.. pool.LosersUnder(addresses).Select(UserOf)] : [];
    }

    /// <summary>
    /// Stops giving out addresses of a subnet until another configuration of it is in force: what is given must fit both, for a successor may
    /// find either stored.
    /// </summary>
    /// <param name="mayLose">Whether owners may lose their addresses.</param>
    /// <returns>False, and nothing is different, when somebody would lose an address who may not.</returns>
    public bool TryClose(string subnet, SubnetAddresses addresses, bool mayLose)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue(subnet, out var pool))
                return true;
            if (!mayLose && pool.Addresses.LosersUnder(addresses).Any())
                return false;
            _pools[subnet] = pool with { IsClosed = true };
            return true;
        }
    }

    /// <summary>Gives out addresses of a subnet again: no other configuration is about to come.</summary>
    public void Reopen(string subnet)
    {
        lock (_gate)
        {
            if (!_pools.TryGetValue(subnet, out var pool) || !pool.IsClosed)
                return;
            _pools[subnet] = pool with { IsClosed = false };
        }
        Announce([subnet]);
    }

    /// <summary>Takes back what was granted to an owner that does not show it, and never will. One that shows addresses by now keeps them.</summary>
    public void Release(OwnerKey owner)
    {
        var freed = new List<string>();
        lock (_gate)
        {
            if (ClaimOf(owner) is not { IsStored: true })
                Release(owner, freed);
        }
        Announce(freed);
    }

    /// <summary>What the addresses of a subnet are used for; null when it gives out none.</summary>
    public SubnetUsage? UsageOf(string subnet)
    {
        lock (_gate)
            return _pools.TryGetValue(subnet, out var pool) ? SubnetUsage.Of(pool.Addresses) : null;
    }

    /// <summary>How many addresses of each subnet and family are taken, and how many are left.</summary>
    public IReadOnlyList<(string Subnet, IpFamily Family, UInt128 Used, UInt128 Available)> Counts()
    {
        lock (_gate)
        {
            return
            [
                .. from pool in _pools
                   from family in (AddressPool?[])[pool.Value.Addresses.V4, pool.Value.Addresses.V6]
                   where family is not null
                   select (pool.Key, family.Cidr.Family, family.Used, family.Available),
            ];
        }
    }

    private SubnetPool? PoolOf(string subnet) => _pools.GetValueOrDefault(subnet)?.Addresses;

    private AddressGrant Claim(AddressClaim claim, OwnerKey waiter, bool isItself)
    {
        bool isNew;
        AddressGrant grant;
        var freed = new List<string>();
        lock (_gate)
        {
            // Whoever looked at the object may do so no longer. If the cache has it under the gate, the event of its removal is yet to come, and
            // takes back what is given now; if not, that event has passed, and nothing would.
            if (ClaimOf(claim.Owner) is null && (isItself || !IsThere(waiter)))
                return new(null, new(AddressReasons.Gone, $"{claim.Owner.Kind} \"{claim.Owner.Name}\" does not exist any more"));
            (grant, isNew) = Grant(claim, freed);
            if (grant.Refusal is not null)
                _waiters.Add(claim.Subnet, waiter);
            if (grant.Lease is null && isItself)
                Release(claim.Owner, freed);
        }

        if (isNew)
            UsageChanged?.Invoke(claim.Subnet);
        Announce(freed);
        return grant;
    }

    /// <summary>What an owner's object says now; null when there is none.</summary>
    private AddressClaim? ClaimOf(OwnerKey owner) => owner.Kind switch
    {
        Keys.OvnEipKind => cluster.Eips.Find(owner.Name) is { } eip ? AddressClaims.Of(eip, cluster.Defaults.SubnetOf(eip)) : null,
        Keys.VipKind => cluster.Vips.Find(owner.Name) is { } vip ? AddressClaims.Of(vip) : null,
        _ => cluster.Ips.Find(owner.Name) is { } ip ? AddressClaims.Of(ip) : null,
    };

    /// <summary>Whether there is a pod or node. When it goes, its key is worked on, which takes back what never came to be stored.</summary>
    private bool IsThere(OwnerKey port) =>
        port.Kind == Keys.NodeKind ? cluster.Nodes.Find(port.Name) is not null : cluster.Pods.Snapshot.Find(ObjectKey.Parse(port.Name)) is not null;

    private (AddressGrant Grant, bool IsNew) Grant(AddressClaim claim, List<string> freed)
    {
        if (!_pools.TryGetValue(claim.Subnet, out var pool))
            return (new(null, NoPool(claim)), false);

        var owner = claim.Owner.ToString();
        var before = pool.Addresses.LeaseOf(owner);
        if (pool.IsClosed && before is null)
            return (new(null, new(AddressReasons.SubnetNotUsable, $"{claim.SubnetField}: Subnet \"{claim.Subnet}\" is about to have other addresses")), false);
        Lease? lease = null;
        var refusal = claim.Problem;
        if ((refusal is null && pool.Addresses.TryAcquire(owner, claim.Request, out lease, out refusal))
            || (claim.IsStored && pool.Addresses.TryAcquire(owner, claim.KeepRequest, out lease, out _)))
        {
            Hold(claim);
            if (claim.IsStored)
                ReleaseFormer(claim.Owner, freed);
        }
        return (new(lease, refusal is null ? null : AddressRefusal.From(refusal, claim)), lease != before);
    }

    private AddressRefusal NoPool(AddressClaim claim) => cluster.Subnets.Find(claim.Subnet) is null
        ? new(AddressReasons.SubnetNotFound, $"{claim.SubnetField}: Subnet \"{claim.Subnet}\" does not exist")
        : new(AddressReasons.SubnetNotUsable, $"{claim.SubnetField}: Subnet \"{claim.Subnet}\" gives out no addresses");

    /// <summary>Remembers where an owner has addresses; those it had in other subnets are free as soon as its object says so, too.</summary>
    private void Hold(AddressClaim claim)
    {
        var former = _holdings.TryGetValue(claim.Owner, out var holding) ? holding.Former.Add(holding.Subnet) : [];
        _holdings[claim.Owner] = new(claim.Subnet, former.Remove(claim.Subnet));
    }

    private void HolderChanged<T>(T? old, T? item, Func<T, AddressClaim> read)
        where T : KubeObject
    {
        var freed = new List<string>();
        lock (_gate)
        {
            if (!_isBuilt)
                return;
            if (item is null)
                Release(read(old!).Owner, freed);
            else
                Observe(read(item), freed);
        }
        Announce(freed);
    }

    /// <summary>
    /// Enters what a stored object has, or asks for by value, unless we know better: while a grant of ours is on its way, the object does
    /// not show it yet.
    /// </summary>
    private void Observe(AddressClaim claim, List<string> freed)
    {
        if (_holdings.TryGetValue(claim.Owner, out var holding))
        {
            if (claim.Subnet == holding.Subnet && claim.IsStored)
                ReleaseFormer(claim.Owner, freed);
            return;
        }
        if (Enter(claim))
            freed.Add(claim.Subnet);
    }

    private void Release(OwnerKey owner, List<string> freed)
    {
        ReleaseFormer(owner, freed);
        if (_holdings.Remove(owner, out var holding))
            ReleaseIn(holding.Subnet, owner, freed);
    }

    private void ReleaseFormer(OwnerKey owner, List<string> freed)
    {
        if (!_holdings.TryGetValue(owner, out var holding))
            return;
        foreach (var subnet in holding.Former)
            ReleaseIn(subnet, owner, freed);
        _holdings[owner] = holding with { Former = [] };
    }

    private void ReleaseIn(string subnet, OwnerKey owner, List<string> freed)
    {
        if (_pools.TryGetValue(subnet, out var pool) && pool.Addresses.Release(owner.ToString()))
            freed.Add(subnet);
    }

    private void SubnetChanged(string name, Subnet? subnet)
    {
        lock (_gate)
        {
            if (!_isBuilt)
                return;
            if (subnet is null)
                _pools.Remove(name);
            else if (!Configure(subnet))
                return;
        }
        Announce([name]);
    }

    /// <summary>Makes the pool of a subnet what its spec says. Returns whether anything changed.</summary>
    private bool Configure(Subnet subnet)
    {
        var name = subnet.Metadata.Name;
        if (!SubnetAddresses.TryRead(subnet.Spec, out var addresses, out _) || addresses.Cidrs.IsEmpty)
            return _pools.Remove(name);

        if (_pools.TryGetValue(name, out var pool))
        {
            if (pool.Configuration == addresses)
                return false;
            _pools[name] = new(addresses, pool.Addresses.Reconfigured(addresses), IsClosed: false);
            return true;
        }

        pool = new(addresses, new SubnetPool(addresses), IsClosed: false);
        _pools.Add(name, pool);
        ReserveRouterMac(subnet, pool.Addresses);
        if (_isBuilt)
        {
            var claims = ClaimsIn(name);
            EnterStored(claims);
            EnterPromised(claims);
            EnterWanted(claims);
        }
        return true;
    }

    /// <summary>Nobody may get the MAC address that the router has in the subnet.</summary>
    private void ReserveRouterMac(Subnet subnet, SubnetPool pool)
    {
        if (cluster.Defaults.VpcOf(subnet) is { } vpc)
            pool.TryAcquireMac($"Vpc/{vpc}", SubnetPorts.RouterMac(vpc, subnet), "", out _, out _);
    }

    private void EnterStored(List<AddressClaim> claims)
    {
        claims.Sort(AddressClaim.Oldest);
        foreach (var claim in claims.Where(claim => claim.IsStored))
            Enter(claim);
    }

    /// <summary>Gives objects what rules may have used already. Labels are anybody's to write: who does not get what they say gets another address.</summary>
    private void EnterPromised(List<AddressClaim> claims)
    {
        foreach (var claim in claims.Where(claim => !claim.IsStored && !claim.Promised.IsEmpty && claim.Problem is null))
            Enter(claim, claim.PromisedRequest);
    }

    private void EnterWanted(List<AddressClaim> claims)
    {
        claims.Sort(AddressClaim.Oldest);
        foreach (var claim in claims.Where(claim => !claim.IsStored))
            Enter(claim);
    }

    /// <summary>Gives an object what it has stored, or asks for by value. One that has lost what it stored finds out when it asks.</summary>
    private bool Enter(AddressClaim claim)
    {
        if (claim.IsStored) return Enter(claim, claim.KeepRequest);
        return !claim.Wanted.IsEmpty && claim.Problem is null && Enter(claim, claim.Request);
    }

    private bool Enter(AddressClaim claim, LeaseRequest request)
    {
        if (!_pools.TryGetValue(claim.Subnet, out var pool) || !pool.Addresses.TryAcquire(claim.Owner.ToString(), request, out _, out _))
            return false;
        Hold(claim);
        return true;
    }

    private List<AddressClaim> AllClaims() =>
    [
        .. cluster.Eips.Snapshot.All.Select(eip => AddressClaims.Of(eip, cluster.Defaults.SubnetOf(eip))),
        .. cluster.Vips.Snapshot.All.Select(AddressClaims.Of),
        .. cluster.Ips.Snapshot.All.Select(AddressClaims.Of),
    ];

    /// <summary>What only annotations say, which are anybody's to write: that nobody else has it is all that speaks for it.</summary>
    private List<AddressClaim> ClaimsOfPods() =>
    [
        .. cluster.Pods.Snapshot.All
            .Where(pod => cluster.Ips.Find(PortPlan.PortName(pod.Metadata)) is null)
            .Select(AddressClaims.OfAllocated).OfType<AddressClaim>(),
    ];

    private List<AddressClaim> ClaimsIn(string subnet) =>
    [
        .. cluster.Eips.Snapshot.ByIndex(Indexes.BySubnet, subnet).Select(eip => AddressClaims.Of(eip, cluster.Defaults.SubnetOf(eip))),
        .. cluster.Vips.Snapshot.ByIndex(Indexes.BySubnet, subnet).Select(AddressClaims.Of),
        .. cluster.Ips.Snapshot.ByIndex(Indexes.BySubnet, subnet).Select(AddressClaims.Of),
    ];

    private void Announce(List<string> subnets)
    {
        foreach (var subnet in subnets)
        {
            UsageChanged?.Invoke(subnet);
            IReadOnlyCollection<OwnerKey> waiting;
            lock (_gate)
                waiting = _waiters.TakeAll(subnet);
            foreach (var key in waiting)
                Freed?.Invoke(key);
        }
    }

    private static AddressUser UserOf(string owner) =>
        owner.Split('/', 2) is [var kind, var name] ? new(kind, name, IsDeleting: false) : new("", owner, IsDeleting: false);

    /// <param name="IsClosed">Whether another configuration is about to come into force, see <see cref="TryClose"/>.</param>
    private sealed record Pool(SubnetAddresses Configuration, SubnetPool Addresses, bool IsClosed);

    /// <param name="Subnet">Where the owner has its addresses.</param>
    /// <param name="Former">Where it still has some from before it moved, each once.</param>
    private readonly record struct Holding(string Subnet, ImmutableHashSet<string> Former);
}
