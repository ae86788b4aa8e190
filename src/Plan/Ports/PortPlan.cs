using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Subnets;
using Sluice.Plan.Vpcs;
using Lease = Sluice.Plan.Addressing.Lease;

namespace Sluice.Plan.Ports;

/// <summary>All that the plan of a pod's port depends on, once the pod has its addresses.</summary>
public sealed record PortInput
{
    public required Pod Pod { get; init; }

    /// <summary>The subnet of the addresses.</summary>
    public required Subnet Subnet { get; init; }

    public required Lease Lease { get; init; }

    /// <summary>The Vip that the addresses belong to; null when they are the pod's own.</summary>
    public string? Vip { get; init; }

    /// <summary>The Vlan of the subnet, if it has one.</summary>
    public Vlan? Vlan { get; init; }

    /// <summary>The Vips that the pod may carry.</summary>
    public ImmutableArray<Vip> AllowedVips { get; init; } = [];

    public required SubnetSettings Settings { get; init; }

    /// <summary>What pods' NICs are made of (<c>--pod-nic-type</c>).</summary>
    public string NicType { get; init; } = "veth-pair";
}

/// <summary>The port of a pod, the IP object that records its addresses, and what the pod is told about them.</summary>
public static class PortPlan
{
    public static OwnerKey OwnerOf(string ns, string pod) => new("Port", $"{ns}/{pod}");

    public static string PortName(ObjectMeta pod) => Names.PodPort(pod.Name, pod.Namespace ?? "");

    /// <summary>Whether the pod has, or is to have, a port: one on its node's network needs none, one that has ended gives it back.</summary>
    public static bool NeedsPort(Pod pod) => !pod.Spec.HostNetwork && !pod.IsCompleted;

    /// <summary>Whether a port shows that a pod was given what a claim says. Only the controller writes ports, but anybody annotations.</summary>
    public static bool Shows(LogicalSwitchPort port, Pod pod, AddressClaim claim) =>
        port.ExternalIds["pod"] == $"{pod.Metadata.Namespace}/{pod.Metadata.Name}"
        && claim is { IsStored: true, HeldMac: { } mac }
        && port.Addresses.Contains(PortAddresses.Of(new(claim.Held, mac)));

    /// <summary>The rows of the owner <c>Port/NAMESPACE/POD</c>.</summary>
    public static ImmutableArray<DesiredRow> Rows(PortInput input)
    {
        if (!SubnetPorts.IsOvn(input.Subnet))
            return [];

        var (pod, subnet) = (input.Pod.Metadata, input.Subnet.Metadata.Name);
        var addresses = PortAddresses.Of(input.Lease);
        var owner = OwnerOf(pod.Namespace ?? "", pod.Name);
        var port = new LogicalSwitchPort
        {
            Name = PortName(pod),
            Addresses = pod.Annotation(PodAnnotations.Default.Layer2Forward) == "true" ? [addresses, "unknown"] : [addresses],
            PortSecurity = Security(input, addresses),
            Dhcpv4Options = Dhcp(input, IpFamily.V4),
            Dhcpv6Options = Dhcp(input, IpFamily.V6),
            ExternalIds = StringMap.Of(("ls", subnet), ("pod", $"{pod.Namespace}/{pod.Name}")),
        };
        return [new(new(owner, "lsp"), port, Attachments(input))];
    }

    /// <summary>The IP object as it should be.</summary>
    /// <param name="ip">As it is; null when there is none.</param>
    public static Ip Record(PortInput input, Ip? ip)
    {
        var pod = input.Pod;
        var (subnet, node) = (input.Subnet.Metadata.Name, pod.Spec.NodeName ?? "");
        var (v4, v6) = (input.Lease.Addresses.V4?.ToString() ?? "", input.Lease.Addresses.V6?.ToString() ?? "");
        var isNew = ip is null;
        ip ??= new Ip { Metadata = new() { Name = PortName(pod.Metadata) } };
        var metadata = ip.Metadata
            .WithFinalizer()
            .WithHome(subnet)
            .WithLabel(Names.Labels.NodeName, Names.LabelOf(node))
            .WithLabel(Names.LabelOf(subnet), "");
        metadata = metadata
            .WithLabel(Names.Labels.IpReserved, !isNew && IpPlan.IsReservation(ip) ? "true" : "false")
            .WithAnnotation(PodAnnotations.Default.Vip, input.Vip);
        return ip with
        {
            Metadata = metadata,
            Spec = ip.Spec with
            {
                PodName = pod.Metadata.Name,
                Namespace = pod.Metadata.Namespace,
                PodType = PodRequest.StatefulSetOf(pod.Metadata) is null ? ip.Spec.PodType ?? "" : "StatefulSet",
                Subnet = subnet,
                NodeName = node,
                V4IpAddress = v4,
                V6IpAddress = v6,
                IpAddress = input.Lease.Addresses.ToString(),
                MacAddress = input.Lease.Mac.ToString(),
                AttachSubnets = ip.Spec.AttachSubnets ?? [],
                AttachIps = ip.Spec.AttachIps ?? [],
                AttachMacs = ip.Spec.AttachMacs ?? [],
            },
        };
    }

    /// <summary>What the node's agent reads from the pod to plug it.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Annotations(PortInput input)
    {
        var (keys, spec) = (PodAnnotations.Default, input.Subnet.Spec);
        var hasRouter = SubnetPorts.HasRouterPort(input.Subnet);
        return
        [
            new(keys.IpAddress, input.Lease.Addresses.ToString()),
            new(keys.MacAddress, input.Lease.Mac.ToString()),
            new(keys.Cidr, spec.CidrBlock),
            new(keys.Gateway, spec.Gateway),
            new(keys.LogicalSwitch, input.Subnet.Metadata.Name),
            new(keys.LogicalRouter, hasRouter ? SubnetPorts.VpcOf(input.Subnet, input.Settings.DefaultVpc) : null),
            new(keys.VlanId, input.Vlan is { } tagged ? VlanPlan.TagOf(tagged).ToString(CultureInfo.InvariantCulture) : null),
            new(keys.ProviderNetwork, input.Vlan is { } vlan ? VlanPlan.ProviderOf(vlan, input.Settings.DefaultProvider) : null),
            new(keys.PodNicType, input.Pod.Metadata.Annotation(keys.PodNicType) ?? input.NicType),
            new(keys.Allocated, "true"),
            new(keys.Routed, string.IsNullOrEmpty(input.Pod.Spec.NodeName) ? null : "true"),
        ];
    }

    private static ImmutableArray<Attachment> Attachments(PortInput input)
    {
        var subnet = input.Subnet.Metadata.Name;
        var toSwitch = new Attachment("Logical_Switch", RowRef.Named("Logical_Switch", subnet), "ports");
        if (string.IsNullOrEmpty(input.Pod.Spec.NodeName) || !GatewayPlan.IsDistributed(input.Subnet, input.Settings))
            return [toSwitch];

        // Only what comes from a pod of this node leaves through this node.
        return [toSwitch, new("Port_Group", RowRef.To(GatewayPlan.PortGroupId(subnet, input.Pod.Spec.NodeName)), "ports")];
    }

    private static StringSet Security(PortInput input, string addresses)
    {
        if (input.Pod.Metadata.Annotation(PodAnnotations.Default.PortSecurity) != "true")
            return StringSet.Empty;

        // A port may send from the addresses of its Vips with its own MAC address.
        IEnumerable<string> vips = input.AllowedVips
            .SelectMany(vip => new[] { vip.Status?.V4ip, vip.Status?.V6ip })
            .Where(address => !string.IsNullOrEmpty(address))
            .Order(StringComparer.Ordinal)!;
        return [string.Join(' ', [addresses, .. vips])];
    }

    private static RowRef? Dhcp(PortInput input, IpFamily family) =>
        input.Subnet.Spec.EnableDhcp == true && input.Lease.Addresses[family] is not null
            ? RowRef.To(new RowId(SubnetPlan.OwnerOf(input.Subnet.Metadata.Name), SwitchPlan.DhcpRow(family)))
            : null;
}
