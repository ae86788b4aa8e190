using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan.Addresses;
using Sluice.Plan.Nodes;
using Sluice.Plan.Ports;
using Sluice.Plan.Vpcs;
using Lease = Sluice.Plan.Addressing.Lease;

namespace Sluice.Ko.Reading;

/// <summary>
/// The northbound rows that the controller's plans want, owner by owner. Addresses are those that objects have: what has none yet has no
/// rows yet, and gives rise to no difference.
/// </summary>
public static class DesiredRows
{
    /// <summary>Kinds of owners that are planned here; rows of others are left out of account.</summary>
    private static readonly string[] Kinds = [nameof(Vpc), nameof(Subnet), nameof(Node), "Port", nameof(Vip), nameof(OvnEip)];

    /// <summary>Every owner that should have rows, and those that have some although their object is gone.</summary>
    public static IEnumerable<(OwnerKey Owner, ImmutableArray<DesiredRow> Rows)> Of(Survey survey)
    {
        var wanted = Planned(survey).ToList();
        var known = wanted.Select(plan => plan.Owner).Concat(Undecided(survey.Objects)).ToHashSet();
        var surplus = survey.Northbound.Owners().Where(owner => Kinds.Contains(owner.Kind) && !known.Contains(owner));
        return [.. wanted, .. surplus.Select(owner => (owner, ImmutableArray<DesiredRow>.Empty))];
    }

    private static IEnumerable<(OwnerKey Owner, ImmutableArray<DesiredRow> Rows)> Planned(Survey survey)
    {
        var objects = survey.Objects;
        foreach (var vpc in objects.Vpcs.All)
            yield return (new(nameof(Vpc), vpc.Metadata.Name), VpcPlan.For(new VpcGather(objects).For(vpc.Metadata.Name)).Rows);
        foreach (var subnet in objects.Subnets.All.Where(subnet => !subnet.Metadata.IsDeleting))
        {
            // A subnet that can not be as its spec says keeps what it has.
            if (SubnetForecast.For(survey, subnet).Rows is { } rows)
                yield return (Plan.Subnets.SubnetPlan.OwnerOf(subnet.Metadata.Name), rows);
        }
        foreach (var node in objects.Nodes.All.Where(node => !node.Metadata.IsDeleting))
        {
            if (NodeRows(objects, node) is { } rows)
                yield return (NodePlan.OwnerOf(node.Metadata.Name), rows);
        }
        foreach (var pod in objects.Pods.All.Where(PortPlan.NeedsPort))
        {
            if (PortRows(objects, pod) is { } rows)
                yield return (PortPlan.OwnerOf(pod.Metadata.Namespace ?? "", pod.Metadata.Name), rows);
        }
        foreach (var vip in objects.Vips.All)
            yield return (VipPlan.OwnerOf(vip.Metadata.Name), VipRows(survey, vip));
        foreach (var eip in objects.Eips.All)
        {
            var subnet = objects.SubnetOf(eip);
            var plan = EipPlan.For(new() { Eip = eip, Subnet = subnet, Grant = new(LeaseOf(AddressClaims.Of(eip, subnet)), null) });
            yield return (EipPlan.OwnerOf(eip.Metadata.Name), plan.Rows);
        }
    }

    /// <summary>Objects that keep their rows whatever those are: on their way out, or to an address.</summary>
    private static IEnumerable<OwnerKey> Undecided(ClusterObjects objects) =>
    [
        .. objects.Subnets.All.Select(subnet => Plan.Subnets.SubnetPlan.OwnerOf(subnet.Metadata.Name)),
        .. objects.Nodes.All.Select(node => NodePlan.OwnerOf(node.Metadata.Name)),
        .. objects.Pods.All.Where(PortPlan.NeedsPort).Select(pod => PortPlan.OwnerOf(pod.Metadata.Namespace ?? "", pod.Metadata.Name)),
    ];

    private static ImmutableArray<DesiredRow>? NodeRows(ClusterObjects objects, Node node)
    {
        var settings = objects.Controller.Subnets;
        return objects.Ips.Find(Names.NodePort(node.Metadata.Name)) is { } ip && LeaseOf(AddressClaims.Of(ip)) is { } lease
            && objects.Subnets.Find(settings.NodeSwitch) is { } join
            ? NodePlan.Rows(new() { Node = node, JoinSubnet = join, Lease = lease, DefaultVpc = settings.DefaultVpc })
            : null;
    }

    private static ImmutableArray<DesiredRow>? PortRows(ClusterObjects objects, Pod pod) =>
        objects.Ips.Find(PortPlan.PortName(pod.Metadata)) is { } ip && LeaseOf(AddressClaims.Recorded(ip)) is { } lease && objects.Subnets.Find(AddressHome.Of(ip)) is { } subnet
            ? PortPlan.Rows(new()
            {
                Pod = pod,
                Subnet = subnet,
                Lease = lease,
                Vlan = objects.Vlans.Find(subnet.Spec.Vlan),
                AllowedVips = AllowedPairs.Of(pod, subnet.Metadata.Name, objects.Vips.Find).Allowed,
                Settings = objects.Controller.Subnets,
            })
            : null;

    private static ImmutableArray<DesiredRow> VipRows(Survey survey, Vip vip)
    {
        var objects = survey.Objects;
        var subnet = objects.Subnets.Find(AddressHome.Of(vip));
        return VipPlan.For(new()
        {
            Vip = vip,
            Grant = new(LeaseOf(AddressClaims.Of(vip)), null),
            Holder = objects.Ips.All.FirstOrDefault(ip => PodVip.Of(ip) == vip.Metadata.Name)?.Metadata.Name,
            RouterMac = subnet is not null && SubnetPorts.HasRouterPort(subnet)
                ? SubnetPorts.RouterMac(SubnetPorts.VpcOf(subnet, objects.Settings.DefaultVpc), subnet, survey.Northbound)
                : null,
            Parents = string.IsNullOrEmpty(vip.Spec.Namespace)
                ? []
                : [.. objects.Pods.All.Where(pod => PortPlan.NeedsPort(pod) && AllowedPairs.MayCarry(pod, vip)).Select(pod => PortPlan.PortName(pod.Metadata))],
        }).Rows;
    }

    private static Lease? LeaseOf(AddressClaim claim) => claim is { IsStored: true, HeldMac: { } mac } ? new(claim.Held, mac) : null;
}
