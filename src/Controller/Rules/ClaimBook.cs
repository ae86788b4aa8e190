using System.Collections.Immutable;
using Sluice.Ovn;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Rules;

/// <summary>What rules claim of OvnEips, to find the few on which rules of several VPCs, or of none, meet. Not thread-safe.</summary>
internal sealed class ClaimBook
{
    private readonly Dictionary<string, Dictionary<OwnerKey, RuleMembership>> _rules = new(StringComparer.Ordinal);
    private readonly HashSet<string> _shared = new(StringComparer.Ordinal);

    /// <summary>Takes note of where a rule belongs and what it claims.</summary>
    /// <returns>The VPCs whose rules may win or lose by it: those of the other rules on OvnEips that VPCs share.</returns>
    public IReadOnlyCollection<string> Replace(OwnerKey rule, RuleMembership? before, RuleMembership? now)
    {
        var eips = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in before?.Claims ?? []) eips.Add(claim.Eip);
        foreach (var eip in eips)
        {
            if (_rules.TryGetValue(eip, out var rules) && rules.Remove(rule) && rules.Count == 0) _rules.Remove(eip);
        }
        foreach (var claim in now?.Claims ?? [])
        {
            eips.Add(claim.Eip);
            if (!_rules.TryGetValue(claim.Eip, out var rules)) _rules.Add(claim.Eip, rules = []);
            rules[rule] = now!;
        }

        var affected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var eip in eips)
        {
            var wasShared = _shared.Contains(eip);
            if (!Classify(eip) && !wasShared) continue;
            affected.UnionWith(VpcsOn(eip));
        }
        return affected;
    }

    /// <summary>The claims of rules that do not belong to a VPC on OvnEips that rules of it claim.</summary>
    public ImmutableArray<EipClaim> Others(string vpc) =>
    [
        .. from eip in _shared
           let rules = _rules[eip].Values
           where rules.Any(rule => rule.Vpc == vpc)
           from rule in rules
           where rule.Vpc != vpc
           from claim in rule.Claims
           where claim.Eip == eip
           select claim,
    ];

    private bool Classify(string eip)
    {
        var isShared = _rules.TryGetValue(eip, out var rules)
            && rules.Values.Select(rule => rule.Vpc).Distinct(StringComparer.Ordinal).Skip(1).Any();
        if (isShared) _shared.Add(eip);
        else _shared.Remove(eip);
        return isShared;
    }

    private IEnumerable<string> VpcsOn(string eip) =>
        _rules.TryGetValue(eip, out var rules) ? rules.Values.Select(rule => rule.Vpc).OfType<string>() : [];
}
