using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan.Addresses;
using Sluice.Plan.Namespaces;
using Sluice.Plan.Ports;

namespace Sluice.Controller.Reconcilers;

/// <summary>From where a pod gets its addresses, and the objects that record them.</summary>
public sealed class PortAddressing(Cluster cluster, AddressBook book, IpRecords records, IpReconciler reservations)
{
    public IpRecords Records { get; } = records;

    public IpReconciler Reservations { get; } = reservations;

    /// <summary>
    /// Tries the subnets that the pod may have, one after the other. A pod that comes back under the same name gets what its IP object
    /// has kept for it.
    /// </summary>
    /// <returns>The subnet, and what the pod gets there; without a lease, why it gets nothing.</returns>
    public (Subnet? Subnet, AddressGrant Grant) Claim(Pod pod, Ip? ip, OwnerKey key)
    {
        var request = PodRequest.Of(pod, StatefulSetOf(pod));
        if (request.Problem is { } problem)
            return (null, new(null, problem));

        // We may hear of the pod before its subnet, or the subnet may be made later: whoever waits is noted before we look.
        if (request.Subnet is not null && cluster.Subnets.Find(request.Subnet) is not { Metadata.IsDeleting: false })
            book.Await(request.Subnet, key);
        var candidates = Candidates(pod, ip, request);
        var grant = new AddressGrant(null, new(PortReasons.NoAddress, NoSubnet(pod, request)));
        foreach (var subnet in candidates)
        {
            foreach (var claim in Claims(pod, ip, request, subnet.Metadata.Name))
            {
                grant = book.Claim(claim, key);
                if (grant.Lease is not null)
                    return (subnet, grant);
            }
        }
        return (null, grant);
    }

    /// <summary>Takes back what was meant for a pod that went away before its IP object was stored.</summary>
    public void Forget(OwnerKey key)
    {
        var pod = ObjectKey.Parse(key.Name);
        book.Release(Keys.Ip(Names.PodPort(pod.Name, pod.Namespace!)));
    }

    private IEnumerable<Subnet> Candidates(Pod pod, Ip? ip, PodRequest request)
    {
        if (request.Subnet is not null)
            return cluster.Subnets.Find(request.Subnet) is { Metadata.IsDeleting: false } wanted ? [wanted] : [];
        if (cluster.Subnets.Find(ip?.Spec.Subnet ?? AddressClaims.OfAllocated(pod)?.Subnet) is { } kept)
            return [kept];
        return cluster.Namespaces.Find(pod.Metadata.Namespace) is { } ns
            ? NamespacePlan.SubnetsOf(ns, cluster.Subnets.Snapshot.All, cluster.Vpcs.Snapshot.All, cluster.Defaults.Subnet)
            : [];
    }

    private StatefulSet? StatefulSetOf(Pod pod) => PodRequest.StatefulSetOf(pod.Metadata) is var (set, _)
        ? cluster.StatefulSets.Snapshot.Find(new ObjectKey(pod.Metadata.Namespace, set.Name))
        : null;

    private static IEnumerable<AddressClaim> Claims(Pod pod, Ip? ip, PodRequest request, string subnet)
    {
        var claim = ip is not null && ip.Spec.Subnet == subnet
            ? AddressClaims.Of(ip)
            : AddressClaims.OfAllocated(pod) is { } lost && lost.Subnet == subnet ? lost
            : AddressClaims.ForNewIp(PortPlan.PortName(pod.Metadata), subnet, pod.Metadata);
        var fields = new AddressTexts(request.AddressField, request.AddressField, PodAnnotations.Default.MacAddress);
        return request.Addresses.IsEmpty ? [claim] : request.Addresses.Select(wanted => claim.Wanting(wanted, fields));
    }

    private string NoSubnet(Pod pod, PodRequest request) => request.Subnet is not null
        ? $"{PodAnnotations.Default.LogicalSwitch}: Subnet \"{request.Subnet}\" does not exist"
        : $"no Subnet is for namespace \"{pod.Metadata.Namespace}\": name it in spec.namespaces of one";
}
