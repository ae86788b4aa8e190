using Sluice.Api;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>What is behind the OvnEip of a rule: the internal side of its spec, looked up.</summary>
/// <param name="Vpc">The VPC it is in; known in most cases even if the addresses are not.</param>
/// <param name="Refusal">Why there are no addresses; null when there are.</param>
internal sealed record RuleTarget(string? Vpc, Refusal? Refusal = null)
{
    /// <summary>IPv4 address or CIDR; null when there is none.</summary>
    public string? V4 { get; init; }

    /// <summary>IPv6 address or CIDR; null when there is none.</summary>
    public string? V6 { get; init; }

    /// <summary>The field of the spec that the VPC follows from.</summary>
    public string VpcField { get; init; } = "spec.vpc";

    /// <summary>The subnet that the addresses are in; null when the spec gives addresses by value.</summary>
    public string? Subnet { get; init; }

    /// <summary>The port of the pod, when the target is the IP of one.</summary>
    public string? PodPort { get; init; }

    /// <summary>The MAC address of that port; null while it has none.</summary>
    public string? PodMac { get; init; }

    /// <summary>The fields of the spec that ask for a family by giving an address of it; that family must then be served.</summary>
    public string? V4Field { get; init; }

    public string? V6Field { get; init; }

    /// <summary>The field of the spec that the addresses follow from.</summary>
    public string AddressField => V4Field ?? V6Field ?? VpcField;

    /// <summary>The target of a FIP or DNAT rule: spec.ipName, or spec.vpc with spec.v4Ip and spec.v6Ip when that is empty.</summary>
    public static RuleTarget OfAddress(
        string? ipType, string? ipName, string? vpc, string? v4Ip, string? v6Ip, Ip? ip, Vip? vip, Subnet? subnet, VpcSettings settings)
    {
        if (!string.IsNullOrEmpty(ipName))
        {
            return ipType == IpTypes.Vip ? OfVip(ipName, vip, subnet, settings) : OfIp(ipName, ip, subnet, settings);
        }
        if (string.IsNullOrEmpty(v4Ip) && string.IsNullOrEmpty(v6Ip))
        {
            return new(AddressText.OrNull(vpc), new(Reasons.InvalidSpec, "spec.ipName: one of ipName, v4Ip and v6Ip is needed"));
        }
        if (string.IsNullOrEmpty(vpc)) return new(null, new(Reasons.InvalidSpec, "spec.vpc: needed with v4Ip and v6Ip"));

        if (!TryRead(v4Ip, IpFamily.V4, AddressText.Address, out var v4)) return Malformed(vpc, "spec.v4Ip", v4Ip, "an IPv4 address");
        if (!TryRead(v6Ip, IpFamily.V6, AddressText.Address, out var v6)) return Malformed(vpc, "spec.v6Ip", v6Ip, "an IPv6 address");
        return new(vpc)
        {
            V4 = v4,
            V6 = v6,
            V4Field = v4 is null ? null : "spec.v4Ip",
            V6Field = v6 is null ? null : "spec.v6Ip",
        };
    }

    /// <summary>The target of a SNAT rule: spec.vpc with spec.v4IpCidr and spec.v6IpCidr, else spec.vpcSubnet, else spec.ipName.</summary>
    public static RuleTarget OfSource(OvnSnatRuleSpec spec, Ip? ip, Vip? vip, Subnet? subnet, VpcSettings settings)
    {
        if (!string.IsNullOrEmpty(spec.V4IpCidr) || !string.IsNullOrEmpty(spec.V6IpCidr)) return OfCidrs(spec);
        if (string.IsNullOrEmpty(spec.VpcSubnet))
        {
            if (string.IsNullOrEmpty(spec.IpName))
            {
                const string Message = "spec.vpcSubnet: one of vpcSubnet, ipName, v4IpCidr and v6IpCidr is needed";
                return new(AddressText.OrNull(spec.Vpc), new(Reasons.InvalidSpec, Message));
            }
            return vip is null ? OfIp(spec.IpName, ip, subnet, settings) : OfVip(spec.IpName, vip, subnet, settings);
        }
        if (!string.IsNullOrEmpty(spec.IpName))
        {
            return new(null, new(Reasons.InvalidSpec, "spec.ipName: excludes vpcSubnet"));
        }
        if (subnet is null) return new(null, new(Reasons.SubnetNotFound, $"spec.vpcSubnet: Subnet \"{spec.VpcSubnet}\" does not exist"));

        if (!SubnetPorts.IsOvn(subnet))
        {
            return new(null, new(Reasons.SubnetNotUsable, $"spec.vpcSubnet: Subnet \"{spec.VpcSubnet}\" has no router"));
        }

        var vpc = SubnetPorts.VpcOf(subnet, settings.DefaultVpc);
        return !DualStack<Cidr>.TryParse(subnet.Spec.CidrBlock, out var cidrs) || cidrs.IsEmpty
            ? new(vpc, new(Reasons.AddressPending, $"spec.vpcSubnet: Subnet \"{subnet.Metadata.Name}\" has no CIDR"))
            : new(vpc) { V4 = cidrs.V4?.ToString(), V6 = cidrs.V6?.ToString(), VpcField = "spec.vpcSubnet", Subnet = subnet.Metadata.Name };
    }

    private static RuleTarget OfCidrs(OvnSnatRuleSpec spec)
    {
        if (string.IsNullOrEmpty(spec.Vpc)) return new(null, new(Reasons.InvalidSpec, "spec.vpc: needed with v4IpCidr and v6IpCidr"));

        var (vpc, v4Text, v6Text) = (spec.Vpc, spec.V4IpCidr, spec.V6IpCidr);
        if (!TryRead(v4Text, IpFamily.V4, AddressText.Block, out var v4)) return Malformed(vpc, "spec.v4IpCidr", v4Text, "an IPv4 CIDR");
        if (!TryRead(v6Text, IpFamily.V6, AddressText.Block, out var v6)) return Malformed(vpc, "spec.v6IpCidr", v6Text, "an IPv6 CIDR");
        return new(vpc)
        {
            V4 = v4,
            V6 = v6,
            V4Field = v4 is null ? null : "spec.v4IpCidr",
            V6Field = v6 is null ? null : "spec.v6IpCidr",
        };
    }

    private static RuleTarget OfIp(string name, Ip? ip, Subnet? subnet, VpcSettings settings)
    {
        if (ip is null)
        {
            const string Hint = "a pod's is POD.NAMESPACE, a virtual machine's that of its launcher pod";
            return new(null, new(Reasons.IpNotFound, $"spec.ipName: IP \"{name}\" does not exist; {Hint}"));
        }
        if (CheckSubnet("IP", name, AddressHome.Of(ip), subnet) is { } refusal) return new(null, refusal);

        var vpc = SubnetPorts.VpcOf(subnet!, settings.DefaultVpc);
        var (v4, v6) = (AddressText.Address(ip.Spec.V4IpAddress, IpFamily.V4), AddressText.Address(ip.Spec.V6IpAddress, IpFamily.V6));
        return v4 is null && v6 is null
            ? new(vpc, new(Reasons.AddressPending, $"spec.ipName: IP \"{name}\" has no address yet"))
            : new(vpc)
            {
                V4 = v4,
                V6 = v6,
                VpcField = "spec.ipName",
                Subnet = subnet!.Metadata.Name,
                PodPort = name,
                PodMac = AddressText.OrNull(ip.Spec.MacAddress),
            };
    }

    private static RuleTarget OfVip(string name, Vip? vip, Subnet? subnet, VpcSettings settings)
    {
        if (vip is null) return new(null, new(Reasons.VipNotFound, $"spec.ipName: Vip \"{name}\" does not exist"));
        if (CheckSubnet("Vip", name, AddressHome.Of(vip), subnet) is { } refusal) return new(null, refusal);

        var vpc = SubnetPorts.VpcOf(subnet!, settings.DefaultVpc);
        var (v4, v6) = (AddressText.Address(vip.Status?.V4ip, IpFamily.V4), AddressText.Address(vip.Status?.V6ip, IpFamily.V6));
        return v4 is null && v6 is null
            ? new(vpc, new(Reasons.AddressPending, $"spec.ipName: Vip \"{name}\" has no address yet"))
            : new(vpc) { V4 = v4, V6 = v6, VpcField = "spec.ipName", Subnet = subnet!.Metadata.Name };
    }

    private static Refusal? CheckSubnet(string kind, string name, string? subnetName, Subnet? subnet)
    {
        if (subnet is null) return new(Reasons.SubnetNotFound, $"spec.ipName: Subnet \"{subnetName}\" of {kind} \"{name}\" does not exist");
        return SubnetPorts.IsOvn(subnet)
            ? null
            : new(Reasons.SubnetNotUsable, $"spec.ipName: Subnet \"{subnetName}\" of {kind} \"{name}\" has no router");
    }

    private static RuleTarget Malformed(string vpc, string field, string? value, string wanted) =>
        new(vpc, new(Reasons.InvalidSpec, $"{field}: \"{value}\" is not {wanted}"));

    private static bool TryRead(string? text, IpFamily family, Func<string?, IpFamily, string?> read, out string? canonical)
    {
        canonical = string.IsNullOrEmpty(text) ? null : read(text, family);
        return canonical is not null || string.IsNullOrEmpty(text);
    }
}
