using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan.Vpcs;

/// <summary>Who uses an OvnEip, by what the specs of rules say.</summary>
/// <param name="Nat">For status.nat: the kinds of rules, of dnat, fip and snat in this order, joined by commas; empty while there are none.</param>
/// <param name="Use">For status.use: <paramref name="Nat"/>, or the type of the OvnEip while no rule uses it.</param>
/// <param name="Referrers">What keeps the OvnEip from being deleted, as text, e.g. <c>OvnFip web</c>.</param>
public sealed record EipUsage(string Nat, string Use, ImmutableArray<string> Referrers)
{
    /// <param name="fips">The FIPs whose spec names the OvnEip; others are ignored. Likewise the rules that follow.</param>
    /// <param name="isRouterPort">Whether a router port of the OvnEip's name exists, which has its address then.</param>
    public static EipUsage For(
        OvnEip eip,
        IEnumerable<OvnFip> fips,
        IEnumerable<OvnSnatRule> snatRules,
        IEnumerable<OvnDnatRule> dnatRules,
        bool isRouterPort = false)
    {
        var name = eip.Metadata.Name;
        var usage = new Collector();
        var dnat = usage.Add(dnatRules.Where(rule => rule.Spec.OvnEip == name));
        var fip = usage.Add(fips.Where(rule => rule.Spec.OvnEip == name));
        var snat = usage.Add(snatRules.Where(rule => rule.Spec.OvnEip == name));
        if (isRouterPort && eip.Spec.Type == EipTypes.Lrp) usage.Referrers.Add($"router port {name}");

        var nat = string.Join(',', new[] { dnat ? "dnat" : "", fip ? "fip" : "", snat ? "snat" : "" }.Where(kind => kind.Length > 0));
        var use = nat.Length > 0 ? nat : AddressText.OrNull(eip.Spec.Type) ?? EipTypes.Nat;
        return new(nat, use, [.. usage.Referrers.Order(StringComparer.Ordinal)]);
    }

    private sealed class Collector
    {
        public List<string> Referrers { get; } = [];

        /// <summary>Whether a rule of this kind uses the OvnEip. One that is being deleted does no longer, but its rows still need the address.</summary>
        public bool Add(IEnumerable<KubeObject> rules)
        {
            var used = false;
            foreach (var rule in rules)
            {
                used |= !rule.Metadata.IsDeleting;
                if (!rule.Metadata.IsDeleting || rule.Metadata.IsHeld()) Referrers.Add($"{rule.Kind} {rule.Metadata.Name}");
            }
            return used;
        }
    }
}
