using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Subnets;

/// <summary>
/// Through which nodes traffic of a subnet of the default VPC leaves: policies of the router that send it to the nodes' ports in the join
/// subnet. They rank below those that keep traffic inside of the VPC, and but for what only nodes answer below those of what rules translate.
/// </summary>
public static class GatewayPlan
{
    private const int Priority = 29000;

    /// <summary>Above the policies that lead what rules translate out of the VPC, below those that lead into it and to nodes.</summary>
    private const int OfNodesPriority = 29500;

    /// <summary>
    /// IPv4 addresses that mean whoever is next (RFC 3927), such as those of DNS caches and of cloud metadata: to a pod, that is its node.
    /// Those of IPv6 no router passes on (RFC 4291 2.5.6).
    /// </summary>
    private static readonly Cidr LinkLocal = Cidr.Parse("169.254.0.0/16");

    /// <summary>Whether traffic of the subnet leaves through nodes.</summary>
    public static bool Applies(Subnet subnet, SubnetSettings settings) =>
        SubnetDefaults.HasNodeGateway(subnet.Metadata.Name, SubnetPorts.VpcOf(subnet, settings.DefaultVpc), settings)
        && SubnetPorts.HasRouterPort(subnet);

    /// <summary>Whether each pod's traffic leaves through the pod's own node.</summary>
    public static bool IsDistributed(Subnet subnet, SubnetSettings settings) =>
        Applies(subnet, settings) && subnet.Spec.GatewayType != GatewayTypes.Centralized;

    /// <summary>The port group of a subnet's pods on a node. A name that is used in matches may not have a dash, nor begin with a digit.</summary>
    public static string PortGroup(string subnet, string node)
    {
        var name = $"{subnet}.{node}".Replace('-', '.');
        return char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }

    /// <summary>The row of <see cref="PortGroup"/>.</summary>
    public static RowId PortGroupId(string subnet, string node) => new(SubnetRows.OwnerOf(subnet), $"pg/{node}");

    /// <summary>The nodes that a centralized subnet may leave through, the preferred one first, and whether each is ready.</summary>
    public static ImmutableArray<(SubnetNode Node, bool Ready)> Gateways(SubnetInput input)
    {
        var spec = input.Subnet.Spec;
        var byName = input.Nodes.ToDictionary(node => node.Name, StringComparer.Ordinal);
        var named = (spec.GatewayNode ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => byName.GetValueOrDefault(entry.Split(':')[0]));
        var selected = input.Nodes
            .Where(node => (spec.GatewayNodeSelectors ?? []).Any(selector => selector.Matches(node.Node.Metadata.Labels)))
            .OrderBy(node => node.Name, StringComparer.Ordinal);
        return [.. named.OfType<SubnetNode>().Concat(selected).DistinctBy(node => node.Name).Select(node => (node, node.IsReady))];
    }

    /// <summary>The node that a centralized subnet leaves through, unless it uses several; null when none is ready.</summary>
    public static SubnetNode? ActiveGateway(SubnetInput input) =>
        Gateways(input).Where(gateway => gateway.Ready).Select(gateway => gateway.Node).FirstOrDefault();

    internal static void AddRows(SubnetRows rows, SubnetInput input, SubnetAddresses addresses)
    {
        if (!Applies(input.Subnet, input.Settings)) return;
        if (IsDistributed(input.Subnet, input.Settings)) AddDistributed(rows, input, addresses);
        else AddCentralized(rows, input, addresses);
    }

    private static void AddDistributed(SubnetRows rows, SubnetInput input, SubnetAddresses addresses)
    {
        var subnet = input.Subnet.Metadata.Name;
        foreach (var node in input.Nodes)
        {
            if (node.JoinAddresses.IsEmpty) continue;
            var group = PortGroup(subnet, node.Name);
            rows.Add(PortGroupId(subnet, node.Name).Name, new PortGroup
            {
                Name = group,
                ExternalIds = StringMap.Of(("subnet", subnet), ("node", node.Name), ("np", $"{subnet}/{node.Name}")),
            });
            foreach (var cidr in addresses.Cidrs.ToArray())
            {
                if (node.JoinAddresses[cidr.Family] is not { } nextHop) continue;
                AddPolicies(rows, input, $"/{node.Name}", cidr.Family, $"${group}_{Version(cidr.Family)}", [nextHop],
                    StringMap.Of(("subnet", subnet), ("node", node.Name)));
            }
        }
    }

    private static void AddCentralized(SubnetRows rows, SubnetInput input, SubnetAddresses addresses)
    {
        var ready = Gateways(input).Where(gateway => gateway.Ready).Select(gateway => gateway.Node).ToList();
        if (input.Subnet.Spec.EnableEcmp != true) ready = [.. ready.Take(1)];
        foreach (var cidr in addresses.Cidrs.ToArray())
        {
            var nextHops = ready.Where(node => node.JoinAddresses[cidr.Family] is not null).ToList();
            if (nextHops.Count == 0) continue;
            var ids = StringMap.Of(("subnet", input.Subnet.Metadata.Name));
            foreach (var node in nextHops) ids = ids.With(node.Name, node.JoinAddresses[cidr.Family].ToString()!);
            AddPolicies(rows, input, "", cidr.Family, cidr.ToString(), [.. nextHops.Select(node => node.JoinAddresses[cidr.Family]!.Value)], ids);
        }
    }

    /// <summary>
    /// Adds the policy by which a source leaves, and one of higher rank for what only nodes answer: to that it leaves by the node even
    /// where a rule or an annotation leads all else of the source out elsewhere.
    /// </summary>
    /// <param name="name">Follows the kind of policy in the name of the row.</param>
    private static void AddPolicies(
        SubnetRows rows, SubnetInput input, string name, IpFamily family, string source, ImmutableArray<IpAddress> nextHops, StringMap ids)
    {
        var match = $"{Version(family)}.src == {source}";
        AddPolicy(rows, input, $"gateway{name}", family, Priority, match, nextHops, ids);
        var ofNodes = OfNodes(input.Settings, family);
        if (ofNodes is not null) AddPolicy(rows, input, $"of-nodes{name}", family, OfNodesPriority, $"{match} && {Version(family)}.dst == {ofNodes}", nextHops, ids);
    }

    /// <summary>The destinations of a family that nodes answer, as a value of a match; null when there are none.</summary>
    private static string? OfNodes(SubnetSettings settings, IpFamily family)
    {
        string[] blocks =
        [
            .. ((IEnumerable<Cidr>)[LinkLocal, .. settings.ServiceCidrs, .. settings.NodeLocalDns.Select(Cidr.Of)])
                .Where(cidr => cidr.Family == family)
                .Select(cidr => cidr.PrefixLength == family.Bits() ? cidr.First.ToString() : cidr.ToString())
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return blocks.Length switch
        {
            0 => null,
            1 => blocks[0],
            _ => $"{{{string.Join(", ", blocks)}}}",
        };
    }

    private static void AddPolicy(
        SubnetRows rows, SubnetInput input, string name, IpFamily family, int priority, string match, ImmutableArray<IpAddress> nextHops, StringMap ids) =>
        rows.AddToRouter(
            string.Create(CultureInfo.InvariantCulture, $"{name}/{Version(family)}"),
            input.Settings.DefaultVpc,
            new LogicalRouterPolicy
            {
                Priority = priority,
                Match = match,
                Action = LogicalRouterPolicy.ActionValue.Reroute,
                Nexthops = StringSet.Of(nextHops.Select(nextHop => nextHop.ToString())),
                ExternalIds = ids,
            },
            "policies");

    private static string Version(IpFamily family) => family == IpFamily.V4 ? "ip4" : "ip6";
}
