using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>The router of a VPC and its ports in the VPC's own subnets.</summary>
internal static class RouterPlan
{
    /// <summary>Adds the Logical_Router row.</summary>
    /// <param name="isConnected">Whether other routers are next to it.</param>
    public static void AddRouter(VpcRows rows, Vpc vpc, bool isConnected)
    {
        var options = new List<(string, string)>
        {
            // Neighbours are learned when they are needed and forgotten again, so that MAC_Binding stays small.
            ("dynamic_neigh_routers", "true"),
            ("mac_binding_age_threshold", "300"),
        };
        if (!isConnected)
        {
            // Without routers next to it, only the router's own requests need answers.
            options.Add(("always_learn_from_arp_request", "false"));
        }
        rows.Add("router", new LogicalRouter { Name = vpc.Metadata.Name, Options = StringMap.Of([.. options]) });
    }

    /// <summary>The subnets that get a port of the router, in no particular order, and why others do not.</summary>
    public static ImmutableArray<Subnet> Attached(VpcInput input, ICollection<Refusal> refusals)
    {
        var attached = ImmutableArray.CreateBuilder<Subnet>(input.Subnets.Length);
        foreach (var subnet in input.Subnets)
        {
            if (!SubnetPorts.HasRouterPort(subnet) || Networks(subnet).Length == 0) continue;
            // The subnet's own plan found fault with it and says so in its status.
            if (SubnetPorts.IsRefused(subnet)) continue;

            if (PortNameContest.Verdict(input, subnet.Metadata.Name, subnet) is { } refusal) refusals.Add(refusal);
            else attached.Add(subnet);
        }
        return attached.ToImmutable();
    }

    /// <summary>Adds the port of the router in one of the VPC's own subnets.</summary>
    public static void AddSubnetPort(VpcRows rows, VpcInput input, Subnet subnet)
    {
        var vpc = input.Name;
        var name = Names.RouterPort(vpc, subnet.Metadata.Name);
        var port = new LogicalRouterPort
        {
            Name = name,
            Mac = (input.InheritedMacs.TryGetValue(name, out var mac) ? mac : SubnetPorts.RouterMac(vpc, subnet)).ToString(),
            Networks = [.. Networks(subnet)],
            Ipv6RaConfigs = RouterAdvertisement.Of(subnet),
            Options = AddressText.OrNull(subnet.Spec.RouteTable) is { } table ? StringMap.Of(("route_table", table)) : StringMap.Empty,
        };
        AddPorts(rows, vpc, subnet.Metadata.Name, port, StringMap.Of(("router-port", port.Name)));
    }

    /// <summary>Adds a router port and its peer in the switch of <paramref name="subnet"/>.</summary>
    public static void AddPorts(VpcRows rows, string vpc, string subnet, LogicalRouterPort port, StringMap peerOptions)
    {
        rows.AddToRouter(VpcRows.RouterPortId(vpc, subnet), port with { ExternalIds = StringMap.Of(("lr", vpc)) }, "ports");

        var peer = new LogicalSwitchPort
        {
            Name = Names.SwitchPort(subnet, vpc),
            Type = "router",
            Addresses = ["router"],
            Options = peerOptions,
            ExternalIds = StringMap.Of(("ls", subnet)),
        };
        var ports = new Attachment("Logical_Switch", RowRef.Named("Logical_Switch", subnet), "ports");
        rows.Add(VpcRows.SwitchPortId(vpc, subnet), peer, ports);
    }

    /// <summary>The networks of the router's port in a subnet.</summary>
    public static IEnumerable<Cidr> Cidrs(Subnet subnet) =>
        SubnetAddresses.TryRead(subnet.Spec, out var addresses, out _) ? addresses.Cidrs.ToArray() : [];

    /// <summary>The gateway addresses of a subnet with their prefix lengths; none when its spec can not be read.</summary>
    private static string[] Networks(Subnet subnet)
    {
        if (!SubnetAddresses.TryRead(subnet.Spec, out var addresses, out _)) return [];
        return [.. addresses.Gateways.ToArray().Select(gateway => addresses.Cidrs[gateway.Family]!.Value.Interface(gateway))];
    }
}
