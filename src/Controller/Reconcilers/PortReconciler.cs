using Sluice.Api;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Addresses;
using Sluice.Plan.Ports;
using Sluice.Plan.Subnets;

namespace Sluice.Controller.Reconcilers;

/// <summary>Gives each pod its addresses, the IP object that records them, and its port; and takes them back.</summary>
public sealed class PortReconciler(Cluster cluster, PortSettings settings, PortAddressing addressing, RowWriter rows, PodWriter pods) : IReconciler
{
    public string Kind => Keys.PortKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        var name = ObjectKey.Parse(key.Name);
        var pod = cluster.Pods.Snapshot.Find(name);
        var ip = cluster.Ips.Find(Names.PodPort(name.Name, name.Namespace!));
        return pod is not null && PortPlan.NeedsPort(pod)
            ? await ServeAsync(key, pod, ip, cancellation)
            : await ReleaseAsync(key, ip, cancellation);
    }

    private async Task<Outcome> ServeAsync(OwnerKey key, Pod pod, Ip? ip, CancellationToken cancellation)
    {
        if (PortPlan.PortName(pod.Metadata).Length > Names.MaxLength)
            return pods.Blocked(pod, new(PortReasons.Invalid, $"its IP would need a name of more than {Names.MaxLength} characters"));

        var further = FurtherNics.RefusalsFor(pod);
        var grant = addressing.Claim(pod, ip, key);
        if (grant is not { Subnet: { } subnet, Lease: { } lease })
        {
            pods.Warn(pod, further);
            return pods.Blocked(pod, grant.Grant.Refusal!);
        }

        var (vips, refusals) = AllowedPairs.Of(pod, subnet.Metadata.Name, cluster.Vips.Find);
        refusals = refusals.AddRange(further);
        if (addressing.Recheck(pod, ip, subnet) is { } lapsed)
            refusals = refusals.Add(lapsed with { Message = $"keeps its port, but would not get it again: {lapsed.Message}" });
        pods.Warn(pod, refusals);
        var input = new PortInput
        {
            Pod = pod,
            Subnet = subnet,
            Lease = lease,
            Vip = grant.Vip,
            Vlan = cluster.Vlans.Find(subnet.Spec.Vlan),
            AllowedVips = vips,
            Settings = settings.Subnets,
            NicType = settings.NicType,
        };
        // The record comes first: what is in it is never given to another port, whatever happens next.
        if (await addressing.Records.StoreAsync(ip, PortPlan.Record(input, ip), cancellation) is null)
            return Outcome.Done;
        if (grant.Vip is not null)
            addressing.Yield(key);

        var changes = await rows.ApplyAsync(key, PortPlan.Rows(input), cancellation);
        if (changes.Conflicts is [var conflict, ..])
        {
            var owner = conflict.Owner?.ToString() ?? "another system";
            return pods.Blocked(pod, new(PortReasons.PortTaken, $"{conflict.Table} \"{conflict.Key}\" belongs to {owner}"));
        }
        if (changes.MissingParents is [var missing, ..])
            return new Outcome.Blocked(PortReasons.Invalid, $"{missing} does not exist yet");

        await pods.AnnotateAsync(pod, PortPlan.Annotations(input), cancellation);
        return Outcome.Done;
    }

    private async Task<Outcome> ReleaseAsync(OwnerKey key, Ip? ip, CancellationToken cancellation)
    {
        await rows.ApplyAsync(key, [], cancellation);
        pods.Forget(key);
        if (ip is null)
        {
            addressing.Return(key);
            addressing.Forget(key);
            return Outcome.Done;
        }
        if (IpPlan.IsReservation(ip))
            return await addressing.Reservations.ReserveAsync(ip, key, cancellation);
        if (!IpPlan.IsKept(ip, StatefulSetOf(ip)))
        {
            // Before others hear that the IP is gone, and look.
            addressing.Return(key);
            await addressing.Records.RemoveAsync(ip, cancellation);
        }
        return Outcome.Done;
    }

    private StatefulSet? StatefulSetOf(Ip ip) =>
        Indexes.StatefulSetOf(ip) is { } set ? cluster.StatefulSets.Snapshot.Find(ObjectKey.Parse(set)) : null;
}

/// <summary>What the controller's flags say about pods' ports.</summary>
public sealed record PortSettings(SubnetSettings Subnets, string NicType);
