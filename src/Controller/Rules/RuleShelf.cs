using System.Collections.Immutable;
using Sluice.Kube;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Rules;

/// <summary>The rules of one kind, by the VPC they belong to. Not thread-safe.</summary>
internal sealed class RuleShelf<TRule>(RulePlan<TRule> plan)
    where TRule : KubeObject
{
    private readonly Dictionary<string, Placed> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Compartment> _compartments = new(StringComparer.Ordinal);

    /// <summary>The rules that belong to no VPC.</summary>
    public IEnumerable<string> Unowned => _rules.Where(rule => rule.Value.Membership.Vpc is null).Select(rule => rule.Key);

    /// <summary>The VPCs that rules belong to.</summary>
    public IEnumerable<string> Vpcs => _compartments.Keys;

    /// <summary>Puts a rule where it belongs now, or takes it away.</summary>
    /// <returns>Where it belonged before and belongs now; null where it did not or does not exist.</returns>
    public (RuleMembership? Before, RuleMembership? Now) Put(string name, RuleInput<TRule>? input, VpcSettings settings)
    {
        RuleMembership? before = null;
        if (_rules.Remove(name, out var placed))
        {
            before = placed.Membership;
            if (before.Vpc is { } vpc) Remove(vpc, name);
        }
        if (input is not { } rule) return (before, null);

        var now = plan.Membership(rule, settings);
        _rules.Add(name, new(rule, now));
        if (now.Vpc is { } owner)
        {
            if (!_compartments.TryGetValue(owner, out var compartment)) _compartments.Add(owner, compartment = new());
            compartment.Put(name, rule);
        }
        return (before, now);
    }

    /// <summary>The rules of a VPC, in an order that changes little while they do.</summary>
    public ImmutableArray<RuleInput<TRule>> Of(string vpc) => _compartments.TryGetValue(vpc, out var compartment) ? compartment.Rules : [];

    /// <summary>A rule that belongs to no VPC; null when there is none of that name.</summary>
    public RuleInput<TRule>? FindUnowned(string name) => _rules.TryGetValue(name, out var placed) && placed.Membership.Vpc is null ? placed.Input : null;

    private void Remove(string vpc, string name)
    {
        var compartment = _compartments[vpc];
        compartment.Remove(name);
        if (compartment.IsEmpty) _compartments.Remove(vpc);
    }

    private readonly record struct Placed(RuleInput<TRule> Input, RuleMembership Membership);

    /// <summary>The rules of one VPC. Asked for as a whole, and again and again while nothing changes.</summary>
    private sealed class Compartment
    {
        private readonly Dictionary<string, RuleInput<TRule>> _rules = new(StringComparer.Ordinal);
        private ImmutableArray<RuleInput<TRule>> _all;

        public bool IsEmpty => _rules.Count == 0;

        public ImmutableArray<RuleInput<TRule>> Rules => _all.IsDefault ? _all = [.. _rules.Values] : _all;

        public void Put(string name, RuleInput<TRule> rule)
        {
            _rules[name] = rule;
            _all = default;
        }

        public void Remove(string name)
        {
            _rules.Remove(name);
            _all = default;
        }
    }
}
