using System.Globalization;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;

namespace Sluice.Plan.Subnets;

/// <summary>The switch of a subnet, its way into the provider network, and who answers its DHCP requests.</summary>
internal static class SwitchPlan
{
    private const int DefaultMtu = 1500;

    /// <summary>An address that no host has: answers to DHCP requests come from it.</summary>
    private const string DhcpServer = "169.254.0.254";

    public static void AddRows(SubnetRows rows, SubnetInput input, SubnetAddresses addresses)
    {
        var (name, spec) = (input.Subnet.Metadata.Name, input.Subnet.Spec);
        rows.Add("switch", new LogicalSwitch
        {
            Name = name,
            OtherConfig = spec.EnableMulticastSnoop == true ? StringMap.Of(("mcast_snoop", "true")) : StringMap.Empty,
        });
        if (input is { Vlan: { } vlan, VlanRival: null })
            AddLocalnet(rows, input.Subnet, addresses, VlanPlan.ProviderOf(vlan, input.Settings.DefaultProvider), VlanPlan.TagOf(vlan));
        if (spec.EnableDhcp == true)
            AddDhcp(rows, input, addresses);
    }

    /// <summary>The name of the row that answers for a family.</summary>
    public static string DhcpRow(IpFamily family) => family == IpFamily.V4 ? "dhcp/v4" : "dhcp/v6";

    private static void AddLocalnet(SubnetRows rows, Subnet subnet, SubnetAddresses addresses, string provider, int tag)
    {
        var ids = StringMap.Of(("ls", subnet.Metadata.Name));
        if (addresses.Cidrs.V4 is { } v4) ids = ids.With("ipv4_network", v4.ToString());
        if (addresses.Cidrs.V6 is { } v6) ids = ids.With("ipv6_network", v6.ToString());
        rows.AddToSwitch("localnet", new LogicalSwitchPort
        {
            Name = Names.LocalnetPort(subnet.Metadata.Name),
            Type = "localnet",
            Addresses = ["unknown"],
            Tag = tag == 0 ? null : tag,
            Options = StringMap.Of(("network_name", provider)),
            ExternalIds = ids,
        }, "ports");
    }

    private static void AddDhcp(SubnetRows rows, SubnetInput input, SubnetAddresses addresses)
    {
        var (name, spec) = (input.Subnet.Metadata.Name, input.Subnet.Spec);
        var mac = MacAddress.Generate(input.Subnet.Metadata.Uid ?? "", $"dhcp/{name}");
        foreach (var cidr in addresses.Cidrs.ToArray())
        {
            var isV4 = cidr.Family == IpFamily.V4;
            var defaults = isV4
                ? StringMap.Of(
                    ("lease_time", "3600"),
                    ("mtu", Mtu(input).ToString(CultureInfo.InvariantCulture)),
                    ("router", addresses.Gateways.V4.ToString()!),
                    ("server_id", DhcpServer),
                    ("server_mac", mac.ToString()))
                : StringMap.Of(("server_id", mac.ToString()));
            rows.Add(DhcpRow(cidr.Family), new DhcpOptions
            {
                Cidr = cidr.ToString(),
                Options = DhcpOptionText.Parse(isV4 ? spec.DhcpV4Options : spec.DhcpV6Options, defaults),
                ExternalIds = StringMap.Of(("ls", name), ("protocol", isV4 ? SubnetProtocols.IPv4 : SubnetProtocols.IPv6)),
            });
        }
    }

    private static int Mtu(SubnetInput input) => input.Subnet.Spec.Mtu is { } mtu and > 0
        ? mtu
        : DefaultMtu - (string.IsNullOrEmpty(input.Subnet.Spec.Vlan) ? input.Settings.TunnelOverhead : 0);
}

/// <summary>DHCP options as users write them.</summary>
public static class DhcpOptionText
{
    /// <summary>
    /// Reads <c>KEY=VALUE,KEY=VALUE</c> over <paramref name="defaults"/>. Several DNS servers are joined by semicolons, which OVN wants as
    /// a set; what has no <c>=</c> is ignored.
    /// </summary>
    public static StringMap Parse(string? text, StringMap defaults)
    {
        var options = defaults;
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var (key, value) = (part[..equals].Trim(), part[(equals + 1)..].Trim());
            if (value.Contains(';', StringComparison.Ordinal)) value = $"{{{value.Replace(';', ',')}}}";
            options = options.With(key, value);
        }
        return options;
    }
}
