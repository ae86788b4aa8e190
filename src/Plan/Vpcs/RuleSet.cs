using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Sluice.Kube;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The rules of one kind in one VPC. Remembers for each rule what was decided and on what grounds, and decides anew only when a ground is
/// another: on a router with thousands of rules almost none change between two plans.
/// </summary>
internal sealed class RuleSet<TRule>(RuleKind<TRule> kind)
    where TRule : KubeObject
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<Entry> _current = [];
    private int _run;

    /// <summary>Resolves the rules by themselves and enters their claims.</summary>
    public void Resolve(string vpc, ImmutableArray<RuleInput<TRule>> rules, VpcSettings settings, EipContest contest)
    {
        _run++;
        _current.Clear();
        foreach (ref readonly var rule in rules.AsSpan())
        {
            var entry = Entry.For(_entries, rule.Rule.Metadata.Name);
            entry.Run = _run;
            entry.Resolve(kind, rule, settings);
            // The cache of the caller was a step behind: the rule is another VPC's by now.
            if ((entry.Resolution.Vpc ?? vpc) != vpc) continue;

            _current.Add(entry);
            foreach (var claim in entry.Resolution.Claims) contest.Add(claim);
        }
        Forget();
    }

    /// <summary>Decides on the rules that <see cref="Resolve"/> was given. The decisions of one run are not touched by the next.</summary>
    /// <param name="sharing">What other kinds, which are decided before, use.</param>
    public ImmutableArray<RuleDecision<TRule>> Decide(RuleContext context, EipContest contest, Sharing sharing)
    {
        var decisions = ImmutableArray.CreateBuilder<RuleDecision<TRule>>(_current.Count);
        foreach (var entry in _current) decisions.Add(entry.Decide(kind, context, contest, sharing));
        return decisions.MoveToImmutable();
    }

    /// <summary>The rules that lead to the VPC, apart from those that are being deleted, as text.</summary>
    public IEnumerable<string> Referrers(string vpc) =>
        from entry in _current
        where entry.Resolution.Vpc == vpc && !entry.Rule.Metadata.IsDeleting
        select $"{kind.Kind} {entry.Rule.Metadata.Name}";

    private void Forget()
    {
        if (_entries.Count == _current.Count) return;
        foreach (var (name, entry) in _entries)
        {
            if (entry.Run != _run) _entries.Remove(name);
        }
    }

    private sealed class Entry
    {
        private RuleInput<TRule> _input;
        private VpcSettings? _settings;
        private RuleContext? _context;
        private Refusal? _lost;
        private Placement? _placement;
        private RuleDecision<TRule>? _decision;

        public int Run { get; set; }

        public RuleResolution Resolution { get; private set; } = null!;

        public TRule Rule => _input.Rule;

        public static Entry For(Dictionary<string, Entry> entries, string name)
        {
            ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, name, out _);
            return entry ??= new();
        }

        public void Resolve(RuleKind<TRule> kind, in RuleInput<TRule> input, VpcSettings settings)
        {
            if (ReferenceEquals(_settings, settings)
                && ReferenceEquals(_input.Rule, input.Rule)
                && ReferenceEquals(_input.Eip, input.Eip)
                && ReferenceEquals(_input.Ip, input.Ip)
                && ReferenceEquals(_input.Vip, input.Vip)
                && ReferenceEquals(_input.Subnet, input.Subnet))
            {
                return;
            }
            (_input, _settings, _decision) = (input, settings, null);
            Resolution = kind.Resolve(input, settings);
        }

        public RuleDecision<TRule> Decide(RuleKind<TRule> kind, RuleContext context, EipContest contest, Sharing sharing)
        {
            var lost = Lost(contest);
            var placement = Resolution.Translation is { } translation ? kind.Place(_input.Rule, translation, sharing) : null;
            if (_decision is not null && ReferenceEquals(_context, context) && Equals(_lost, lost) && Equals(_placement, placement)) return _decision;

            (_context, _lost, _placement) = (context, lost, placement);
            return _decision = Decide(kind, context, lost, placement);
        }

        private RuleDecision<TRule> Decide(RuleKind<TRule> kind, RuleContext context, Refusal? lost, Placement? placement)
        {
            var rule = _input.Rule;
            if (rule.Metadata.IsDeleting) return RuleDecision<TRule>.Release(kind, rule);

            var refusal = Resolution.Refusal ?? context.Refusal ?? lost
                ?? context.CheckConnection(Resolution.Translation!) ?? kind.Check(Resolution.Translation!, context);
            return refusal is null
                ? RuleDecision<TRule>.Serve(kind, rule, Resolution.Translation!, placement, context)
                : RuleDecision<TRule>.Refuse(kind, rule, Resolution.Vpc ?? kind.LastVpc(rule), refusal);
        }

        private Refusal? Lost(EipContest contest)
        {
            foreach (var claim in Resolution.Claims)
            {
                if (contest.Verdict(claim) is { } refusal) return refusal;
            }
            return null;
        }
    }
}
