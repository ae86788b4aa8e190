using System.Globalization;
using Sluice.Api;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Subnets;

/// <summary>What stands against a subnet being as its spec says.</summary>
internal static class SubnetValidation
{
    private const int MinMtuOfV6 = 1280;

    /// <summary>The first reason why the spec can not work; null when it can.</summary>
    public static SubnetRefusal? Check(SubnetInput input, SubnetAddresses addresses) =>
        CheckLasting(input, addresses) ?? CheckNamespaces(input);

    /// <summary>As <see cref="Check"/>, without what the VPC may still come to allow.</summary>
    public static SubnetRefusal? CheckLasting(SubnetInput input, SubnetAddresses addresses) =>
        CheckName(input) ?? CheckAddresses(input, addresses) ?? CheckFeatures(input.Subnet.Spec, addresses);

    /// <summary>Why the subnet can not work yet, although its spec is fine.</summary>
    public static SubnetRefusal? CheckReferences(SubnetInput input)
    {
        var spec = input.Subnet.Spec;
        if (!string.IsNullOrEmpty(spec.Vlan))
        {
            if (input.Vlan is null)
                return new(SubnetReasons.VlanInvalid, $"spec.vlan: Vlan \"{spec.Vlan}\" does not exist");
            if (input.VlanRival is { } rival)
            {
                return new(SubnetReasons.VlanInvalid, string.Create(CultureInfo.InvariantCulture,
                    $"spec.vlan: tag {VlanPlan.TagOf(input.Vlan)} of Vlan {spec.Vlan} is taken by Vlan {rival.Metadata.Name}"));
            }
        }
        return SubnetPorts.IsOvn(input.Subnet) && input.Vpc is null
            ? new(SubnetReasons.VpcNotFound, $"spec.vpc: Vpc \"{SubnetPorts.VpcOf(input.Subnet, input.Settings.DefaultVpc)}\" does not exist")
            : null;
    }

    private static SubnetRefusal? CheckName(SubnetInput input) => input.VpcHasItsName
        ? Invalid("metadata.name", "there is a Vpc of the same name")
        : null;

    private static SubnetRefusal? CheckAddresses(SubnetInput input, SubnetAddresses addresses)
    {
        var subnet = input.Subnet;
        if (Rival(input, addresses) is var (other, theirs))
        {
            var rival = Age.IsOlder(other, subnet) ? $"the older Subnet {other.Metadata.Name}" : $"Subnet {other.Metadata.Name}, which is in force";
            return Invalid("spec.cidrBlock", $"{addresses.Cidrs} overlaps {theirs.Cidrs} of {rival}");
        }
        if (SubnetPorts.HasRouterPort(subnet) && External(input, addresses) is var (external, outside))
        {
            return Invalid("spec.cidrBlock",
                $"{addresses.Cidrs} overlaps {outside.Cidrs} of Subnet {external.Metadata.Name}, which Vpc {input.Vpc?.Metadata.Name} is connected to");
        }

        // Underlay subnets may well contain the nodes.
        if (!string.IsNullOrEmpty(subnet.Spec.Vlan)) return null;
        foreach (var node in input.Nodes)
        {
            foreach (var text in node.Node.Addresses("InternalIP"))
            {
                if (IpAddress.TryParse(text, out var address) && addresses.Contains(address))
                    return Invalid("spec.cidrBlock", $"{addresses.Cidrs} contains {address}, the address of Node {node.Name}");
            }
        }
        return null;
    }

    /// <summary>The older subnet of the same network that has some of the addresses, with its own; null when there is none.</summary>
    public static (Subnet Subnet, SubnetAddresses Addresses)? Rival(SubnetInput input, SubnetAddresses addresses)
    {
        foreach (var other in input.Siblings)
        {
            if (!SameNetwork(input.Subnet, other) || !Precedes(other, input.Subnet)) continue;
            if (SubnetAddresses.TryRead(other.Spec, out var theirs, out _) && addresses.Overlaps(theirs)) return (other, theirs);
        }
        return null;
    }

    /// <summary>The external subnet of the VPC that has some of the addresses, with its own; null when there is none.</summary>
    private static (Subnet Subnet, SubnetAddresses Addresses)? External(SubnetInput input, SubnetAddresses addresses)
    {
        foreach (var other in input.ExternalSubnets)
        {
            if (SubnetAddresses.TryRead(other.Spec, out var theirs, out _) && addresses.Overlaps(theirs)) return (other, theirs);
        }
        return null;
    }

    private static SubnetRefusal? CheckFeatures(SubnetSpec spec, SubnetAddresses addresses)
    {
        if (spec.Mtu is { } mtu and not 0 && (mtu < 68 || (mtu < MinMtuOfV6 && addresses.Cidrs.V6 is not null)))
            return Invalid("spec.mtu", string.Create(CultureInfo.InvariantCulture, $"{mtu} is too small; with IPv6 at least {MinMtuOfV6}"));
        if (spec.LogicalGateway == true && spec.U2oInterconnection == true)
            return Invalid("spec.logicalGateway", "excludes u2oInterconnection");
        if (!string.IsNullOrEmpty(spec.ExternalEgressGateway))
        {
            if (spec.NatOutgoing == true) return Invalid("spec.externalEgressGateway", "excludes natOutgoing");
            if (!DualStack<IpAddress>.TryParse(spec.ExternalEgressGateway, out _))
                return Invalid("spec.externalEgressGateway", $"\"{spec.ExternalEgressGateway}\" is not one address per family");
        }
        foreach (var cidr in spec.AllowSubnets ?? [])
        {
            if (!Cidr.TryParse(cidr, out _)) return Invalid("spec.allowSubnets", $"\"{cidr}\" is not a CIDR");
        }
        foreach (var vip in spec.Vips ?? [])
        {
            if (!IpAddress.TryParse(vip, out var address) || !addresses.Contains(address))
                return Invalid("spec.vips", $"\"{vip}\" is not an address of {addresses.Cidrs}");
        }
        return null;
    }

    private static SubnetRefusal? CheckNamespaces(SubnetInput input)
    {
        if (input.Vpc is not { } vpc || vpc.Metadata.Name == input.Settings.DefaultVpc) return null;
        foreach (var ns in input.Subnet.Spec.Namespaces ?? [])
        {
            if (!(vpc.Spec.Namespaces ?? []).Contains(ns))
                return Invalid("spec.namespaces", $"\"{ns}\" is not in spec.namespaces of Vpc {vpc.Metadata.Name}");
        }
        return null;
    }

    /// <summary>
    /// What is in force keeps its addresses, so that no edit and no new subnet can take them. Else the older one does; of two that were
    /// created in the same second, the one that works already.
    /// </summary>
    private static bool Precedes(Subnet other, Subnet subnet)
    {
        if (IsInForce(other) != IsInForce(subnet)) return IsInForce(other);
        var isSameAge = other.Metadata.CreationTimestamp == subnet.Metadata.CreationTimestamp;
        var (theirs, ours) = (IsValidated(other), IsValidated(subnet));
        return isSameAge && theirs != ours ? theirs : Age.IsOlder(other, subnet);
    }

    private static bool IsInForce(Subnet subnet) => subnet.Status?.Accepted is not null;

    private static bool IsValidated(Subnet subnet) => subnet.Status?.Conditions.IsTrue(ConditionTypes.Validated) ?? false;

    /// <summary>Addresses must be unique where hosts see each other: in a VPC, or on a VLAN.</summary>
    private static bool SameNetwork(Subnet a, Subnet b) => (a.Spec.Vlan ?? "") == (b.Spec.Vlan ?? "");

    private static SubnetRefusal Invalid(string field, string message) => new(SubnetReasons.Invalid, $"{field}: {message}");
}
