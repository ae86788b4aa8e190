using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addresses;
using Sluice.Plan.Namespaces;
using Sluice.Plan.Ports;
using Lease = Sluice.Plan.Addressing.Lease;

namespace Sluice.Controller.Reconcilers;

/// <summary>From where a pod gets its addresses, and the objects that record them.</summary>
/// <param name="rows">The northbound database as it is now.</param>
public sealed class PortAddressing(
    Cluster cluster, AddressBook book, VipLoans loans, PodPermissions permissions, IpRecords records, IpReconciler reservations, Func<NorthboundSnapshot> rows)
{
    public IpRecords Records { get; } = records;

    public IpReconciler Reservations { get; } = reservations;

    /// <summary>
    /// Tries the subnets that the pod may have, one after the other. A pod that comes back under the same name gets what its IP object
    /// has kept for it. What it has needs no permission: only what it asks for anew does.
    /// </summary>
    public PortGrant Claim(Pod pod, Ip? ip, OwnerKey key)
    {
        var lost = ip is null && AddressClaims.OfAllocated(pod) is { } claim && IsShown(pod, claim) ? claim : null;
        var request = PodRequest.Of(pod, ip is not null || lost is not null, StatefulSetOf(pod));
        if (request.Problem is { } problem)
            return new(problem);

        // We may hear of the pod before its subnet, or the subnet may be made later: whoever waits is noted before we look.
        if (request.Subnet is not null && cluster.Subnets.Find(request.Subnet) is not { Metadata.IsDeleting: false })
            book.Await(request.Subnet, key);
        if (VipOf(pod, ip, request) is { } vip)
            return ClaimVip(pod, ip, request, vip);
        loans.Return(PortPlan.PortName(pod.Metadata));

        var grant = new PortGrant(new(PortReasons.NoAddress, NoSubnet(pod, request)));
        foreach (var subnet in Candidates(pod, ip, lost, request))
        {
            var name = subnet.Metadata.Name;
            var own = ip is not null && AddressHome.Of(ip) == name ? AddressClaims.Recorded(ip) : lost?.Subnet == name ? lost : null;
            if (own is null && (request.Subnet is null ? permissions.CheckNodeSubnet(subnet) : Check(pod, subnet)) is { } refusal)
            {
                grant = new(refusal);
                continue;
            }
            foreach (var wanted in Claims(pod, own, request, name))
            {
                grant = Check(pod, subnet, wanted, own) is { } notPermitted ? new(notPermitted) : new(subnet, book.ClaimFor(key, wanted));
                if (grant.Lease is not null)
                    return grant;
            }
        }

        // What its annotations say may have been set aside for it, until we came to look at them.
        if (ip is null)
            Forget(key);
        return grant;
    }

    /// <summary>Why a pod would not get its port again, if it had to ask; null when it would.</summary>
    public AddressRefusal? Recheck(Pod pod, Ip? ip, Subnet subnet) => ip is null || IpPlan.IsReservation(ip) ? null : Check(pod, subnet);

    /// <summary>The addresses of a pod are a Vip's from now on; those it had before are free.</summary>
    public void Yield(OwnerKey key) => Forget(key);

    /// <summary>The pod's IP is about to go, and with it the pod's hold on a Vip.</summary>
    public void Return(OwnerKey key) => loans.Return(IpOf(key));

    /// <summary>Takes back what was meant for a pod that went away before its IP object was stored.</summary>
    public void Forget(OwnerKey key) => book.Release(Keys.Ip(IpOf(key)));

    private static string IpOf(OwnerKey key)
    {
        var pod = ObjectKey.Parse(key.Name);
        return Names.PodPort(pod.Name, pod.Namespace!);
    }

    /// <summary>The Vip that a pod has or asks for. An IP of another system does not name it.</summary>
    private string? VipOf(Pod pod, Ip? ip, PodRequest request)
    {
        if (request.Vip is not null || ip is null || pod.Metadata.Annotation(PodAnnotations.Default.Allocated) != "true")
            return request.Vip;
        var vip = cluster.Vips.Find(PodVip.Of(ip) ?? pod.Metadata.Annotation(PodAnnotations.Default.Vip));
        return vip is not null && AddressClaims.Of(vip) is { IsStored: true } claim && claim.Held == AddressClaims.Recorded(ip).Held ? vip.Metadata.Name : null;
    }

    private PortGrant ClaimVip(Pod pod, Ip? ip, PodRequest request, string name)
    {
        var vip = cluster.Vips.Find(name);
        var isHeld = vip is not null && ip is not null && PodVip.Of(ip) == name;
        if (!isHeld && PodVip.Check(pod, name, vip) is { } refusal)
            return new(refusal);

        var home = AddressHome.Of(vip!);
        if (cluster.Subnets.Find(home) is not { } subnet)
            return new(new AddressRefusal(AddressReasons.SubnetNotFound, $"{PodAnnotations.Default.Vip}: Subnet \"{home}\" of Vip \"{name}\" does not exist"));
        if (!isHeld)
        {
            var candidates = Candidates(pod, ip: null, lost: null, request);
            if (!candidates.Contains(subnet))
                return new(PodVip.Elsewhere(vip!, candidates.Select(candidate => candidate.Metadata.Name)));
            if (Check(pod, subnet) is { } notPermitted)
                return new(notPermitted);
        }
        if (loans.Lend(name, PortPlan.PortName(pod.Metadata)) is { } other)
            return new(PodVip.Taken(name, other));
        var claim = AddressClaims.Of(vip!);
        return new(subnet, new(new Lease(claim.Held, claim.HeldMac!.Value), null), name);
    }

    private AddressRefusal? Check(Pod pod, Subnet subnet) =>
        permissions.CheckSubnet(NamespaceOf(pod), subnet, cluster.Subnets.Snapshot.All, cluster.Vpcs.Snapshot.All);

    /// <param name="own">What the pod has in the subnet; null when it has nothing there.</param>
    private AddressRefusal? Check(Pod pod, Subnet subnet, AddressClaim wanted, AddressClaim? own) => permissions.CheckAddresses(
        NamespaceOf(pod), subnet, [.. wanted.Wanted.ToArray().Where(address => own?.Held[address.Family] != address)], wanted.AddressField);

    /// <summary>As far as we know it: we may hear of a pod before its namespace, and look again when that comes.</summary>
    private Namespace NamespaceOf(Pod pod) =>
        cluster.Namespaces.Find(pod.Metadata.Namespace) ?? new Namespace { Metadata = new() { Name = pod.Metadata.Namespace ?? "" } };

    private bool IsShown(Pod pod, AddressClaim claim) =>
        rows().ByName<LogicalSwitchPort>(PortPlan.PortName(pod.Metadata)) is { Row: var port } && PortPlan.Shows(port, pod, claim);

    private ImmutableArray<Subnet> Candidates(Pod pod, Ip? ip, AddressClaim? lost, PodRequest request)
    {
        if (request.Subnet is not null)
            return cluster.Subnets.Find(request.Subnet) is { Metadata.IsDeleting: false } wanted ? [wanted] : [];
        if (cluster.Subnets.Find(ip?.Spec.Subnet ?? lost?.Subnet) is { } kept)
            return [kept];
        return cluster.Namespaces.Find(pod.Metadata.Namespace) is { } ns
            ? NamespacePlan.SubnetsOf(ns, cluster.Subnets.Snapshot.All, cluster.Vpcs.Snapshot.All, cluster.Defaults.Subnet)
            : [];
    }

    private StatefulSet? StatefulSetOf(Pod pod) => PodRequest.StatefulSetOf(pod.Metadata) is var (set, _)
        ? cluster.StatefulSets.Snapshot.Find(new ObjectKey(pod.Metadata.Namespace, set.Name))
        : null;

    private static IEnumerable<AddressClaim> Claims(Pod pod, AddressClaim? own, PodRequest request, string subnet)
    {
        var claim = own ?? AddressClaims.ForNewIp(PortPlan.PortName(pod.Metadata), subnet, pod.Metadata);
        var fields = new AddressTexts(request.AddressField, request.AddressField, PodAnnotations.Default.MacAddress);
        return request.Addresses.IsEmpty
            ? [claim]
            : request.Addresses.Select(wanted => claim.Wanting(wanted, fields) with { AddressField = wanted.V4 is "" ? fields.Mac! : fields.V4! });
    }

    private string NoSubnet(Pod pod, PodRequest request) => request.Subnet is not null
        ? $"{PodAnnotations.Default.LogicalSwitch}: Subnet \"{request.Subnet}\" does not exist"
        : $"no Subnet is for namespace \"{pod.Metadata.Namespace}\": name it in spec.namespaces of one";
}

/// <summary>What a pod gets: without a lease nothing, and the refusal says why.</summary>
/// <param name="Subnet">Of the lease.</param>
/// <param name="Vip">The Vip that the addresses belong to; null when they are the pod's own.</param>
public sealed record PortGrant(Subnet? Subnet, AddressGrant Grant, string? Vip = null)
{
    public PortGrant(AddressRefusal refusal)
        : this(null, new(null, refusal))
    {
    }

    public Lease? Lease => Grant.Lease;
}
