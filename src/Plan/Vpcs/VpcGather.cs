using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>What a gatherer looks up. All of it is at hand: nothing here waits.</summary>
public interface IVpcObjects
{
    Vpc? FindVpc(string name);

    Subnet? FindSubnet(string name);

    OvnEip? FindEip(string name);

    Ip? FindIp(string name);

    Vip? FindVip(string name);

    /// <summary>The subnets that belong to a VPC, see <see cref="SubnetPorts.VpcOf"/>.</summary>
    IEnumerable<Subnet> SubnetsOf(string vpc);

    /// <summary>See <see cref="VpcInput.RouterEips"/>.</summary>
    IEnumerable<OvnEip> RouterEipsOf(string vpc);

    IEnumerable<GatewayNode> GatewayNodes { get; }

    /// <summary>The FIPs that belong to a VPC by <see cref="RuleMembership"/>.</summary>
    IEnumerable<OvnFip> FipsOf(string vpc);

    IEnumerable<OvnSnatRule> SnatRulesOf(string vpc);

    IEnumerable<OvnDnatRule> DnatRulesOf(string vpc);

    /// <summary>The claims of rules that do not belong to <paramref name="vpc"/> on OvnEips that rules of it name.</summary>
    IEnumerable<EipClaim> OtherClaims(string vpc);
}

/// <summary>Puts together the inputs of plans.</summary>
public sealed class VpcGather(IVpcObjects objects, VpcSettings settings)
{
    /// <summary>The input of the plan of one VPC, whether it exists or not.</summary>
    public VpcInput For(string name)
    {
        var vpc = objects.FindVpc(name);
        ImmutableArray<Subnet> subnets = [.. objects.SubnetsOf(name)];
        ImmutableArray<Subnet> external = [.. ExternalSubnets.WantedBy(vpc, settings).Select(objects.FindSubnet).OfType<Subnet>()];
        return new()
        {
            Name = name,
            Vpc = vpc,
            Settings = settings,
            Subnets = subnets,
            ExternalSubnets = external,
            RouterEips = [.. objects.RouterEipsOf(name)],
            GatewayNodes = [.. objects.GatewayNodes],
            Fips = [.. objects.FipsOf(name).Select(rule => Input(rule))],
            SnatRules = [.. objects.SnatRulesOf(name).Select(rule => Input(rule))],
            DnatRules = [.. objects.DnatRulesOf(name).Select(rule => Input(rule))],
            OtherClaims = [.. objects.OtherClaims(name)],
            RivalPorts = vpc is null ? [] : Rivals(name, subnets.Where(SubnetPorts.HasRouterPort).Concat(external)),
        };
    }

    public RuleInput<OvnFip> Input(OvnFip rule)
    {
        var (ip, vip, subnet) = Target(rule.Spec.IpType, rule.Spec.IpName);
        return new(rule, Eip(rule.Spec.OvnEip), ip, vip, subnet);
    }

    public RuleInput<OvnDnatRule> Input(OvnDnatRule rule)
    {
        var (ip, vip, subnet) = Target(rule.Spec.IpType, rule.Spec.IpName);
        return new(rule, Eip(rule.Spec.OvnEip), ip, vip, subnet);
    }

    public RuleInput<OvnSnatRule> Input(OvnSnatRule rule)
    {
        var (spec, eip) = (rule.Spec, Eip(rule.Spec.OvnEip));
        if (!string.IsNullOrEmpty(spec.VpcSubnet)) return new(rule, eip, Subnet: objects.FindSubnet(spec.VpcSubnet));

        // The kind has no ipType; a Vip is meant where there is no IP of the name.
        var (ip, vip, subnet) = Target(IpTypes.Ip, spec.IpName);
        if (ip is null) (ip, vip, subnet) = Target(IpTypes.Vip, spec.IpName);
        return new(rule, eip, ip, vip, subnet);
    }

    private OvnEip? Eip(string? name) => string.IsNullOrEmpty(name) ? null : objects.FindEip(name);

    private (Ip? Ip, Vip? Vip, Subnet? Subnet) Target(string? ipType, string? ipName)
    {
        if (string.IsNullOrEmpty(ipName)) return default;

        var ip = ipType == IpTypes.Vip ? null : objects.FindIp(ipName);
        var vip = ipType == IpTypes.Vip ? objects.FindVip(ipName) : null;
        var subnet = ip?.Spec.Subnet ?? vip?.Spec.Subnet;
        return (ip, vip, string.IsNullOrEmpty(subnet) ? null : objects.FindSubnet(subnet));
    }

    private ImmutableArray<RivalPort> Rivals(string vpc, IEnumerable<Subnet> subnets) =>
    [
        .. from subnet in subnets
           from rival in RouterPortNames.Rivals(vpc, subnet.Metadata.Name)
           let other = objects.FindVpc(rival.Vpc)
           where other is not null
           let theirs = objects.FindSubnet(rival.Subnet)
           where theirs is not null && IsConnected(other, theirs)
           select new RivalPort(rival.Vpc, rival.Subnet, PortNameContest.Since(other, theirs)),
    ];

    private bool IsConnected(Vpc vpc, Subnet subnet) =>
        (SubnetPorts.VpcOf(subnet, settings.DefaultVpc) == vpc.Metadata.Name && SubnetPorts.HasRouterPort(subnet))
        || ExternalSubnets.WantedBy(vpc, settings).Contains(subnet.Metadata.Name);
}
