using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Lease = Sluice.Plan.Addressing.Lease;

namespace Sluice.Plan.Nodes;

/// <summary>All that the plan of a node depends on, once its port has addresses.</summary>
public sealed record NodeInput
{
    public required Node Node { get; init; }

    /// <summary>The subnet that joins the nodes to the default VPC.</summary>
    public required Subnet JoinSubnet { get; init; }

    public required Lease Lease { get; init; }

    /// <summary>Name of the default VPC.</summary>
    public required string DefaultVpc { get; init; }
}

/// <summary>The port of a node in the join subnet, how the default VPC reaches the node's own addresses, and what the node is told.</summary>
public static class NodePlan
{
    private const int Priority = 30000;

    public static OwnerKey OwnerOf(string node) => new("Node", node);

    /// <summary>The rows of the owner <c>Node/NAME</c>.</summary>
    public static ImmutableArray<DesiredRow> Rows(NodeInput input)
    {
        var name = input.Node.Metadata.Name;
        var owner = OwnerOf(name);
        var join = input.JoinSubnet.Metadata.Name;
        var rows = ImmutableArray.CreateBuilder<DesiredRow>();
        rows.Add(new(
            new(owner, "lsp"),
            new LogicalSwitchPort
            {
                Name = Names.NodePort(name),
                Addresses = [PortAddresses.Of(input.Lease)],
                ExternalIds = StringMap.Of(("ls", join)),
            },
            [new("Logical_Switch", RowRef.Named("Logical_Switch", join), "ports")]));

        var known = new HashSet<IpAddress>();
        foreach (var text in input.Node.Addresses("InternalIP"))
        {
            if (!IpAddress.TryParse(text, out var address) || !known.Add(address)) continue;
            if (input.Lease.Addresses[address.Family] is not { } nextHop) continue;
            rows.Add(ToNode(owner, address, nextHop, input));
        }
        return rows.DrainToImmutable();
    }

    /// <summary>The IP object as it should be.</summary>
    /// <param name="ip">As it is; null when there is none.</param>
    public static Ip Record(NodeInput input, Ip? ip)
    {
        var (node, subnet) = (input.Node.Metadata, input.JoinSubnet.Metadata.Name);
        ip ??= new Ip
        {
            Metadata = new()
            {
                Name = Names.NodePort(node.Name),
                OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = nameof(Node), Name = node.Name, Uid = node.Uid ?? "" }],
            },
        };
        return ip with
        {
            Metadata = ip.Metadata
                .WithFinalizer()
                .WithHome(subnet)
                .WithLabel(Names.Labels.NodeName, Names.LabelOf(node.Name))
                .WithLabel(Names.LabelOf(subnet), ""),
            Spec = ip.Spec with
            {
                PodName = node.Name,
                Namespace = "",
                PodType = "",
                Subnet = subnet,
                NodeName = node.Name,
                V4IpAddress = input.Lease.Addresses.V4?.ToString() ?? "",
                V6IpAddress = input.Lease.Addresses.V6?.ToString() ?? "",
                IpAddress = input.Lease.Addresses.ToString(),
                MacAddress = input.Lease.Mac.ToString(),
                AttachSubnets = ip.Spec.AttachSubnets ?? [],
                AttachIps = ip.Spec.AttachIps ?? [],
                AttachMacs = ip.Spec.AttachMacs ?? [],
            },
        };
    }

    /// <summary>What the node's agent reads from the node to plug it.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Annotations(NodeInput input)
    {
        var keys = PodAnnotations.Default;
        return
        [
            new(keys.IpAddress, input.Lease.Addresses.ToString()),
            new(keys.MacAddress, input.Lease.Mac.ToString()),
            new(keys.Cidr, input.JoinSubnet.Spec.CidrBlock),
            new(keys.Gateway, input.JoinSubnet.Spec.Gateway),
            new(keys.LogicalSwitch, input.JoinSubnet.Metadata.Name),
            new(Names.Annotations.PortName, Names.NodePort(input.Node.Metadata.Name)),
            new(keys.Allocated, "true"),
        ];
    }

    private static DesiredRow ToNode(OwnerKey owner, IpAddress address, IpAddress nextHop, NodeInput input)
    {
        var version = address.Family == IpFamily.V4 ? "ip4" : "ip6";
        var row = new LogicalRouterPolicy
        {
            Priority = Priority,
            Match = $"{version}.dst == {address}",
            Action = LogicalRouterPolicy.ActionValue.Reroute,
            Nexthops = [nextHop.ToString()],
            ExternalIds = StringMap.Of(
                ("address-family", (address.Family == IpFamily.V4 ? 4 : 6).ToString(CultureInfo.InvariantCulture)),
                ("node", input.Node.Metadata.Name)),
        };
        var router = RowRef.Named("Logical_Router", input.DefaultVpc);
        return new(new(owner, $"policy/{address}"), row, [new("Logical_Router", router, "policies")]);
    }
}
