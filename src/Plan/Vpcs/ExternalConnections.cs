using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>Decides for each external subnet that a VPC asks for whether its router gets a port there.</summary>
internal static class ExternalConnections
{
    /// <summary>Why a VPC that wants out but names no way out, while there is no default one, is not connected.</summary>
    public static Refusal NowhereToGo { get; } = new(
        Reasons.NotConnected,
        "spec.enableExternal: there is no default external subnet (--enable-eip-snat), and spec.extraExternalSubnets is empty");

    /// <summary>One connection for each subnet of <see cref="ExternalSubnets.WantedBy"/>, in that order, made or refused.</summary>
    public static ImmutableArray<ExternalConnection> For(VpcInput input)
    {
        var wanted = ExternalSubnets.WantedBy(input.Vpc, input.Settings);
        var connections = ImmutableArray.CreateBuilder<ExternalConnection>(wanted.Length);
        foreach (var name in wanted)
        {
            var subnet = input.ExternalSubnets.FirstOrDefault(subnet => subnet.Metadata.Name == name);
            // The default external subnet need not exist for a VPC that names others.
            var optional = wanted.Length > 1 && input.Settings.EnableEipSnat && name == input.Settings.DefaultExternalSubnet;
            if (optional && (subnet is null || subnet.Spec.LogicalGateway == true)) continue;

            connections.Add(Connect(input, name, subnet));
        }
        return connections.ToImmutable();
    }

    /// <summary>The OvnEips that were made for connections that are no longer wanted.</summary>
    public static ImmutableArray<OvnEip> SurplusEips(VpcInput input, ImmutableArray<ExternalConnection> connections) =>
    [
        .. from eip in input.RouterEips
           where ExternalConnection.IsAutomatic(eip, input.Name)
           where !connections.Any(connection => connection.RouterPort == eip.Metadata.Name)
           select eip,
    ];

    private static ExternalConnection Connect(VpcInput input, string name, Subnet? subnet)
    {
        var port = Names.RouterPort(input.Name, name);
        var active = input.ActiveGateways.FirstOrDefault(gateway => gateway.Port == port);
        var network = input.Networks.FirstOrDefault(network => network.Subnet == name)?.Network;
        var unreached = GatewayReaches.Problem(input.GatewayNodes, network) is { } problem ? new Refusal(Reasons.NoGatewayNode, $"{Enabler(input)}: {problem}") : null;
        var connection = new ExternalConnection
        {
            Subnet = name,
            RouterPort = port,
            ActiveChassis = active?.Chassis,
            Chassis = GatewayChassisPlan.Order(input.Name, input.GatewayNodes, network, active),
            Remark = unreached,
        };
        var gateway = GatewayOf(input, name);
        // What is there already stays: it works again when a node reaches the network again, with the same addresses and rows.
        var noGateway = CheckGatewayNodes(input, connection.Chassis) ?? (active is null ? unreached : null);
        if (subnet is null && gateway is not null)
        {
            return noGateway is null ? BareNetwork.Connect(input, connection) : connection with { Refusal = noGateway };
        }

        var refusal = CheckSubnet(input, name, subnet) ?? PortNameContest.Verdict(input, name, subnet!) ?? gateway?.Refusal;
        if (refusal is not null) return connection with { Refusal = refusal };

        var eip = input.RouterEips.FirstOrDefault(eip => eip.Metadata.Name == connection.RouterPort);
        if (eip is null)
        {
            return connection with
            {
                NewEip = ExternalConnection.EipFor(input.Vpc!, name, gateway),
                Refusal = noGateway ?? NoAddress(connection.RouterPort, name),
            };
        }
        var spec = ExternalConnection.Asking(eip.Spec, gateway);
        if (spec != eip.Spec && !eip.Metadata.IsDeleting && ExternalConnection.IsAutomatic(eip, input.Name))
        {
            connection = connection with { ChangedEip = new(eip, eip with { Spec = spec }) };
        }
        if ((noGateway ?? CheckEip(eip, name, input.Settings)) is { } reason) return connection with { Refusal = reason };

        SubnetAddresses.TryRead(subnet!.Spec, out var addresses, out _);
        var own = Own(eip.Status!.V4Ip, addresses, Own(eip.Status.V6Ip, addresses, default));
        if (own.IsEmpty)
        {
            var message = $"OvnEip \"{connection.RouterPort}\" has no address in Subnet \"{name}\" ({subnet.Spec.CidrBlock})";
            return connection with { Refusal = new(Reasons.FamilyMismatch, message) };
        }
        return connection with
        {
            Mac = eip.Status.MacAddress!,
            Networks = own.ToArray().Select(address => addresses.Cidrs[address.Family]!.Value.Interface(address)).ToValueList(),
            V4Gateway = own.V4 is null ? null : (gateway?.NextHops.V4 ?? addresses.Gateways.V4)?.ToString(),
            V6Gateway = own.V6 is null ? null : (gateway?.NextHops.V6 ?? addresses.Gateways.V6)?.ToString(),
            Remark = (gateway is null ? null : RemarkOn(eip, own, gateway)) ?? unreached,
        };
    }

    /// <summary>What the ConfigMap says of a connection; null when it says nothing.</summary>
    private static ExternalGateway? GatewayOf(VpcInput input, string subnet) =>
        subnet == input.Settings.DefaultExternalSubnet && ExternalSubnets.IsConnectedByConfig(input.Name, input.Settings)
            ? input.Settings.Gateway
            : null;

    /// <summary>What of the wanted addresses the port does not have, because its OvnEip could not or, being a user's, may not get them.</summary>
    private static Refusal? RemarkOn(OvnEip eip, DualStack<IpAddress> own, ExternalGateway gateway)
    {
        string? key = null;
        if (gateway.NicAddresses.ToArray().Any(address => own[address.Family] != address)) key = ExternalGatewayConfig.NicIp;
        else if (gateway.NicMac is { } mac && mac.ToString() != eip.Status!.MacAddress) key = ExternalGatewayConfig.NicMac;
        if (key is null) return null;

        var why = eip.Status!.Conditions.Find(ConditionTypes.Validated)?.Message;
        var message = $"ConfigMap {ExternalGatewayConfig.Name}, {key}: OvnEip \"{eip.Metadata.Name}\" has {own}, {eip.Status.MacAddress}";
        return new(Reasons.InvalidGatewayConfig, why is null ? message : $"{message}: {why}");
    }

    private static DualStack<IpAddress> Own(string? text, SubnetAddresses addresses, DualStack<IpAddress> others) =>
        IpAddress.TryParse(text, out var address) && addresses.Contains(address) ? others.With(address) : others;

    private static Refusal? CheckSubnet(VpcInput input, string name, Subnet? subnet)
    {
        var field = name != input.Settings.DefaultExternalSubnet ? "spec.extraExternalSubnets" : Enabler(input);
        if (subnet is null) return new(Reasons.SubnetNotFound, $"{field}: Subnet \"{name}\" does not exist");
        if (subnet.Spec.LogicalGateway == true)
        {
            return new(Reasons.SubnetNotUsable, $"{field}: Subnet \"{name}\" has a gateway of its own (spec.logicalGateway)");
        }
        if (SubnetPorts.VpcOf(subnet, input.Settings.DefaultVpc) == input.Name && SubnetPorts.HasRouterPort(subnet))
        {
            return new(Reasons.SubnetNotUsable, $"{field}: Subnet \"{name}\" is an inner subnet of this VPC");
        }
        if (Names.RouterPort(input.Name, name).Length > Names.MaxLength)
        {
            return new(Reasons.NotSupported, $"{field}: the OvnEip of the router port would need a name of more than {Names.MaxLength} characters");
        }
        if (SubnetAddresses.TryRead(subnet.Spec, out var addresses, out var problem) && !addresses.Cidrs.IsEmpty)
            return CheckOverlap(input, name, addresses, field);
        return new(Reasons.SubnetNotUsable, $"{field}: Subnet \"{name}\" has no addresses{(problem is null ? "" : $": {problem.Message}")}");
    }

    /// <summary>A router cannot have the same addresses on two sides. An inner subnet was there before a connection that does not exist yet.</summary>
    private static Refusal? CheckOverlap(VpcInput input, string name, SubnetAddresses addresses, string field)
    {
        if (ExternalSubnets.ConnectedTo(input.Vpc, input.Settings).Contains(name)) return null;
        foreach (var inner in RouterPlan.Attached(input, []))
        {
            if (SubnetAddresses.TryRead(inner.Spec, out var theirs, out _) && theirs.Overlaps(addresses))
            {
                return new(Reasons.SubnetNotUsable,
                    $"{field}: {addresses.Cidrs} of Subnet \"{name}\" overlaps {theirs.Cidrs} of Subnet \"{inner.Metadata.Name}\" of this VPC");
            }
        }
        return null;
    }

    /// <summary>What connects the VPC.</summary>
    private static string Enabler(VpcInput input) =>
        input.Vpc?.Spec.EnableExternal == true ? "spec.enableExternal" : $"ConfigMap {ExternalGatewayConfig.Name}";

    private static Refusal? CheckGatewayNodes(VpcInput input, ValueList<string> chassis)
    {
        if (chassis.Count > 0) return null;
        if (input.GatewayNodes.IsEmpty)
        {
            return new(Reasons.NoGatewayNode, $"{Enabler(input)}: no node has the label {Names.Labels.ExternalGateway}=true");
        }
        var nodes = string.Join(", ", input.GatewayNodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        return new(Reasons.NoGatewayNode, $"{Enabler(input)}: no gateway node has an OVN chassis yet ({nodes})");
    }

    private static Refusal? CheckEip(OvnEip eip, string subnet, VpcSettings settings)
    {
        var name = eip.Metadata.Name;
        if (eip.Spec.Type != EipTypes.Lrp)
        {
            return new(Reasons.EipTypeMismatch, $"OvnEip \"{name}\" of the port in Subnet \"{subnet}\" is not of type lrp");
        }
        if (AddressHome.Of(eip, settings.DefaultExternalSubnet) != subnet)
        {
            return new(
                Reasons.EipTypeMismatch,
                $"OvnEip \"{name}\" of the port in Subnet \"{subnet}\" is from Subnet \"{eip.Spec.ExternalSubnet}\"");
        }
        return eip.Status is null or { V4Ip: null or "", V6Ip: null or "" } or { MacAddress: null or "" }
            ? NoAddress(name, subnet, eip.Status?.Conditions.Find(ConditionTypes.Ready)?.Message)
            : null;
    }

    private static Refusal NoAddress(string eip, string subnet, string? why = null) => new(
        Reasons.EipNotReady,
        $"OvnEip \"{eip}\" of the port in Subnet \"{subnet}\" has no address yet{(string.IsNullOrEmpty(why) ? "" : $": {why}")}");
}
