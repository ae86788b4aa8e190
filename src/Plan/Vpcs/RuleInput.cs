using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// A rule (OvnFip, OvnSnatRule or OvnDnatRule) with the objects that its spec names, each null when there is none of that name.
/// </summary>
/// <param name="Eip">What spec.ovnEip names.</param>
/// <param name="Ip">What spec.ipName names, unless spec.ipType says that it is a Vip.</param>
/// <param name="Vip">What spec.ipName names when spec.ipType says so.</param>
/// <param name="Subnet">What spec.vpcSubnet names, else the subnet of <paramref name="Ip"/> or <paramref name="Vip"/>.</param>
/// <param name="Written">The rule with its written spec, while that is not the one in force; else null.</param>
public readonly record struct RuleInput<TRule>(
    TRule Rule, OvnEip? Eip = null, Ip? Ip = null, Vip? Vip = null, Subnet? Subnet = null, WrittenRule<TRule>? Written = null)
    where TRule : class;

/// <summary>A rule as it would be if its written spec came into force.</summary>
public sealed record WrittenRule<TRule>(RuleInput<TRule> Input)
    where TRule : class;
