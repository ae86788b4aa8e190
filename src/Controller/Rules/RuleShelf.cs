using System.Collections.Immutable;
using Sluice.Kube;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Rules;

/// <summary>The rules of one kind, by the VPC they belong to. Not thread-safe.</summary>
/// <param name="gather">Puts a rule together with what it names, as our caches have it.</param>
internal sealed class RuleShelf<TRule>(
    Resource<TRule> resource, RulePlan<TRule> plan, Func<TRule, RuleInput<TRule>> gather, VpcSettings settings)
    where TRule : KubeObject
{
    private readonly Dictionary<string, Placed> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Compartment> _compartments = new(StringComparer.Ordinal);

    public Resource<TRule> Resource { get; } = resource;

    /// <summary>The VPCs that rules belong to.</summary>
    public IEnumerable<string> Vpcs => _compartments.Keys;

    /// <summary>The names of the rules that belong to no VPC.</summary>
    public IEnumerable<string> Unowned => _rules.Where(rule => rule.Value.Membership.Vpc is null).Select(rule => rule.Key);

    /// <summary>Looks at a rule anew: puts it where it belongs now, or takes it away when it is gone.</summary>
    /// <returns>Where it belonged before and belongs now; null where it did not or does not exist.</returns>
    public (RuleMembership? Before, RuleMembership? Now) Refresh(string name)
    {
        RuleMembership? before = null;
        if (_rules.Remove(name, out var placed))
        {
            before = placed.Membership;
            if (before.Vpc is { } vpc) Remove(vpc, name);
        }
        if (Resource.Find(name) is not { } rule) return (before, null);

        var input = gather(rule);
        var now = plan.Membership(input, settings);
        _rules.Add(name, new(input, now));
        if (now.Vpc is { } owner) Put(owner, name, input);
        return (before, now);
    }

    /// <summary>The rules of a VPC, in an order that changes little while they do.</summary>
    public ImmutableArray<RuleInput<TRule>> Of(string vpc) => _compartments.TryGetValue(vpc, out var compartment) ? compartment.Rules : [];

    /// <summary>A rule that belongs to no VPC; null when there is none of that name.</summary>
    public RuleInput<TRule>? FindUnowned(string name) =>
        _rules.TryGetValue(name, out var placed) && placed.Membership.Vpc is null ? placed.Input : null;

    private void Put(string vpc, string name, RuleInput<TRule> rule)
    {
        if (!_compartments.TryGetValue(vpc, out var compartment)) _compartments.Add(vpc, compartment = new());
        compartment.Put(name, rule);
    }

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
