using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.Vpcs;

/// <summary>Looks up what rules name. Everything is at hand: nothing here waits.</summary>
public interface IRuleReferences
{
    Subnet? FindSubnet(string name);

    OvnEip? FindEip(string name);

    Ip? FindIp(string name);

    Vip? FindVip(string name);
}

/// <summary>Puts rules together with what they name.</summary>
public sealed class RuleGather(IRuleReferences references)
{
    public RuleInput<OvnFip> Input(OvnFip rule) => WithWritten(rule, One);

    private RuleInput<OvnFip> One(OvnFip rule)
    {
        var (ip, vip, subnet) = Target(rule.Spec.IpType, rule.Spec.IpName);
        return new(rule, Eip(rule.Spec.OvnEip), ip, vip, subnet);
    }

    public RuleInput<OvnDnatRule> Input(OvnDnatRule rule) => WithWritten(rule, One);

    private RuleInput<OvnDnatRule> One(OvnDnatRule rule)
    {
        var (ip, vip, subnet) = Target(rule.Spec.IpType, rule.Spec.IpName);
        return new(rule, Eip(rule.Spec.OvnEip), ip, vip, subnet);
    }

    public RuleInput<OvnSnatRule> Input(OvnSnatRule rule) => WithWritten(rule, One);

    private RuleInput<OvnSnatRule> One(OvnSnatRule rule)
    {
        var (spec, eip) = (rule.Spec, Eip(rule.Spec.OvnEip));
        if (!string.IsNullOrEmpty(spec.VpcSubnet)) return new(rule, eip, Subnet: references.FindSubnet(spec.VpcSubnet));

        // The kind has no ipType; a Vip is meant where there is no IP of the name.
        var (ip, vip, subnet) = Target(IpTypes.Ip, spec.IpName);
        if (ip is null) (ip, vip, subnet) = Target(IpTypes.Vip, spec.IpName);
        return new(rule, eip, ip, vip, subnet);
    }

    private static RuleInput<TRule> WithWritten<TRule>(TRule rule, Func<TRule, RuleInput<TRule>> gather)
        where TRule : KubeObject, IRetainsSpec =>
        gather(rule) with { Written = rule.IsEdited ? new(gather((TRule)rule.Written())) : null };

    private OvnEip? Eip(string? name) => string.IsNullOrEmpty(name) ? null : references.FindEip(name);

    private (Ip? Ip, Vip? Vip, Subnet? Subnet) Target(string? ipType, string? ipName)
    {
        if (string.IsNullOrEmpty(ipName)) return default;

        var ip = ipType == IpTypes.Vip ? null : references.FindIp(ipName);
        var vip = ipType == IpTypes.Vip ? references.FindVip(ipName) : null;
        var subnet = ip is not null ? AddressHome.Of(ip) : vip is not null ? AddressHome.Of(vip) : null;
        return (ip, vip, string.IsNullOrEmpty(subnet) ? null : references.FindSubnet(subnet));
    }
}
