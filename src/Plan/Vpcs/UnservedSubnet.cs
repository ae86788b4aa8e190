using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>A subnet of a VPC that no rule can lead to: what its hosts send does not pass the VPC's router, where rules are at work.</summary>
/// <param name="Name">Of the Subnet.</param>
/// <param name="Why">Follows the name in a message.</param>
/// <param name="Cidrs">The addresses that only this subnet has, as far as the router knows.</param>
internal sealed record UnservedSubnet(string Name, string Why, DualStack<Cidr> Cidrs)
{
    /// <summary>Those of a VPC, by name.</summary>
    /// <param name="attached">The subnets that get a port of the router.</param>
    public static ValueList<UnservedSubnet> Of(VpcInput input, ImmutableArray<Subnet> attached, ImmutableArray<ExternalConnection> connections)
    {
        var names = attached.Select(subnet => subnet.Metadata.Name).ToHashSet(StringComparer.Ordinal);
        if (input.Name == input.Settings.DefaultVpc) names.Remove(input.Settings.NodeSwitch);
        if (names.Count == input.Subnets.Length) return [];

        var known = new Lazy<List<Cidr>>(() => [.. KnownOtherwise(input, attached, connections)]);
        return
        [
            .. input.Subnets.Where(subnet => !names.Contains(subnet.Metadata.Name))
                .OrderBy(subnet => subnet.Metadata.Name, StringComparer.Ordinal)
                .Select(subnet => new UnservedSubnet(subnet.Metadata.Name, Reason(input, subnet), OwnCidrs(input, subnet, known))),
        ];
    }

    /// <summary>Why a rule, or a pod that asks by annotation, can not be served here.</summary>
    public Refusal Refusal => new(Reasons.SubnetNotUsable, $"Subnet \"{Name}\" {Why}");

    /// <summary>Whether the target of a rule is in this subnet.</summary>
    public bool Has(RuleTarget target) => target.Subnet is { } name ? name == Name : HasBlock(target.V4) || HasBlock(target.V6);

    private bool HasBlock(string? text) =>
        !Cidrs.IsEmpty && text is not null
        && (IpAddress.TryParse(text, out var address) ? Cidr.Of(address) : Cidr.TryParse(text, out var cidr) ? cidr : (Cidr?)null) is { } block
        && Cidrs[block.Family] is { } own && own.Contains(block);

    private static string Reason(VpcInput input, Subnet subnet)
    {
        if (IsOfNodes(input, subnet)) return "is that of the nodes, which answer by their own routes";
        return SubnetPorts.HasRouterPort(subnet)
            ? $"has no port of the router of Vpc \"{input.Name}\", see the conditions of both"
            : $"has no port of the router of Vpc \"{input.Name}\": its gateway is in the provider network, see spec.vlan and spec.logicalGateway";
    }

    private static bool IsOfNodes(VpcInput input, Subnet subnet) =>
        input.Name == input.Settings.DefaultVpc && subnet.Metadata.Name == input.Settings.NodeSwitch;

    /// <summary>A rule that names an address and no object may mean a host elsewhere, if the router has a way there.</summary>
    private static DualStack<Cidr> OwnCidrs(VpcInput input, Subnet subnet, Lazy<List<Cidr>> known)
    {
        if (!DualStack<Cidr>.TryParse(subnet.Spec.CidrBlock, out var cidrs)) return default;
        if (IsOfNodes(input, subnet)) return cidrs;
        return cidrs.ToArray().Where(cidr => !known.Value.Exists(cidr.Overlaps)).Aggregate(default(DualStack<Cidr>), (own, cidr) => own.With(cidr));
    }

    /// <summary>The networks that the router is in, and those that routes of the Vpc lead to.</summary>
    private static IEnumerable<Cidr> KnownOtherwise(VpcInput input, ImmutableArray<Subnet> attached, ImmutableArray<ExternalConnection> connections)
    {
        var routes = RoutesPlan.Read(input.Vpc!.Spec, []).Select(entry => entry.Row)
            .Where(route => route.Policy != LogicalRouterStaticRoute.PolicyValue.SrcIp)
            .Select(route => IpAddress.TryParse(route.IpPrefix, out var address) ? Cidr.Of(address) : Cidr.Parse(route.IpPrefix))
            .Where(cidr => cidr.PrefixLength > 0);
        return attached.SelectMany(RouterPlan.Cidrs).Concat(connections.SelectMany(connection => connection.Cidrs)).Concat(routes);
    }
}
