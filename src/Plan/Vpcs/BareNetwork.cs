using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The default external network where there is no Subnet of its name: a switch that gives out no addresses, for the default VPC alone.
/// What a Subnet would say comes from flags and from the ConfigMap of the external gateway.
/// </summary>
internal static class BareNetwork
{
    /// <summary>The VPC's connection to it.</summary>
    public static ExternalConnection Connect(VpcInput input, ExternalConnection connection)
    {
        var gateway = input.Settings.Gateway!;
        if (gateway.Refusal is { } refusal) return connection with { Refusal = refusal };

        return connection with
        {
            IsBare = true,
            Mac = (gateway.NicMac ?? MacAddress.Generate(input.Vpc!.Metadata.Uid ?? "", connection.RouterPort)).ToString(),
            Networks = gateway.NicAddresses.ToArray()
                .Select(address => gateway.NicNetworks[address.Family]!.Value.Interface(address)).ToValueList(),
            V4Gateway = gateway.NicAddresses.V4 is null ? null : gateway.NextHops.V4?.ToString(),
            V6Gateway = gateway.NicAddresses.V6 is null ? null : gateway.NextHops.V6?.ToString(),
        };
    }

    /// <summary>Adds the switch and its port in the provider network, which the plan of a Subnet writes where there is one.</summary>
    public static void AddRows(VpcRows rows, VpcSettings settings)
    {
        var name = settings.DefaultExternalSubnet;
        rows.Add($"switch/{name}", new LogicalSwitch { Name = name });
        rows.Add(
            $"localnet/{name}",
            new LogicalSwitchPort
            {
                Name = Names.LocalnetPort(name),
                Type = "localnet",
                Addresses = ["unknown"],
                Tag = settings.ExternalVlan is > 0 and < 4096 ? settings.ExternalVlan : null,
                Options = StringMap.Of(("network_name", settings.ExternalProvider)),
                ExternalIds = StringMap.Of(("ls", name)),
            },
            new Attachment("Logical_Switch", RowRef.Named("Logical_Switch", name), "ports"));
    }
}
