using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The rules of one kind in one VPC. Remembers for each rule what was decided and on what grounds, and decides anew only when a ground is
/// another: on a router with thousands of rules almost none change between two plans.
/// </summary>
internal sealed class RuleSet<TRule>(RuleKind<TRule> kind)
    where TRule : KubeObject
{
    private readonly Dictionary<string, RuleEntry<TRule>> _entries = new(StringComparer.Ordinal);
    private List<RuleEntry<TRule>> _current = [];
    private List<RuleEntry<TRule>> _last = [];
    private ImmutableArray<RuleDecision<TRule>> _decisions = [];
    private ImmutableArray<DesiredRow> _rows = [];
    private int _run;

    /// <summary>Resolves the rules by themselves.</summary>
    /// <returns>Whether the claims of all of them together are others than in the last run.</returns>
    public bool Resolve(string vpc, ImmutableArray<RuleInput<TRule>> rules, VpcSettings settings)
    {
        _run++;
        (_current, _last) = (_last, _current);
        _current.Clear();
        var changed = false;
        for (var i = 0; i < rules.Length; i++)
        {
            ref readonly var rule = ref rules.ItemRef(i);
            var entry = EntryOf(rule.Rule, i);
            changed |= entry.Resolve(kind, rule, settings, _run);
            // The cache of the caller was a step behind: the rule is another VPC's by now.
            if (entry.Resolution.Vpc is null || entry.Resolution.Vpc == vpc) _current.Add(entry);
        }
        return Forget() || changed || _current.Count != _last.Count;
    }

    /// <summary>Enters the claims of the rules.</summary>
    public void Enter(EipContest contest)
    {
        foreach (var entry in _current)
        {
            foreach (var claim in entry.Resolution.Claims) contest.Add(claim);
            foreach (var claim in entry.Resolution.Sources) contest.Add(claim);
            if (entry.IsLeaving) contest.AddLeaving(kind.Kind, entry.Rule.Metadata.Name);
        }
    }

    /// <summary>Decides on the rules. The same array as in the last run means that nothing is different.</summary>
    /// <param name="sharing">What other kinds, which are decided before, use; null for those kinds.</param>
    public ImmutableArray<RuleDecision<TRule>> Decide(RuleContext context, EipContest contest, Sharing? sharing)
    {
        var decisions = ImmutableArray.CreateBuilder<RuleDecision<TRule>>(_current.Count);
        var isSame = _decisions.Length == _current.Count;
        for (var i = 0; i < _current.Count; i++)
        {
            var decision = _current[i].Decide(kind, context, contest, sharing);
            isSame = isSame && ReferenceEquals(decision, _decisions[i]);
            decisions.Add(decision);
        }
        if (isSame) return _decisions;

        _decisions = decisions.MoveToImmutable();
        var rows = ImmutableArray.CreateBuilder<DesiredRow>(_decisions.Length);
        foreach (var decision in _decisions) rows.AddRange(decision.Rows);
        _rows = rows.DrainToImmutable();
        return _decisions;
    }

    /// <summary>The rows of the rules as they were decided on last.</summary>
    public ImmutableArray<DesiredRow> Rows => _rows;

    /// <summary>The rules that lead to the VPC, apart from those that are being deleted, as text.</summary>
    public IEnumerable<string> Referrers(string vpc) =>
        from entry in _current
        where entry.Resolution.Vpc == vpc && !entry.Rule.Metadata.IsDeleting
        select $"{kind.Kind} {entry.Rule.Metadata.Name}";

    /// <summary>What is remembered of a rule. Most are where they were in the last run, so nothing has to be looked up.</summary>
    private RuleEntry<TRule> EntryOf(TRule rule, int place)
    {
        if (place < _last.Count && ReferenceEquals(_last[place].Rule, rule)) return _last[place];

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, rule.Metadata.Name, out _);
        return entry ??= new();
    }

    private bool Forget()
    {
        if (_entries.Count == _current.Count) return false;

        var count = _entries.Count;
        foreach (var (name, entry) in _entries)
        {
            if (entry.Run != _run) _entries.Remove(name);
        }
        return _entries.Count != count;
    }
}
