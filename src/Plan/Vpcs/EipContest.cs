using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// Who gets what of the OvnEips, and which address what a source sends gets: compares the claims of a VPC's rules with each other and with
/// those of rules elsewhere. Sources are each VPC's own.
/// </summary>
internal sealed class EipContest(string vpc, int capacity)
{
    private readonly Dictionary<EipClaim, EipClaim> _slots = new(capacity, SlotComparer.Instance);
    private readonly Dictionary<SourceClaim, EipClaim> _sources = new(capacity, SourceClaim.PlaceComparer.Instance);
    private readonly Dictionary<string, EipClaim> _foreigners = [];
    private readonly Dictionary<string, EipClaim> _natives = [];
    private readonly HashSet<(string Kind, string Rule)> _leaving = [];

    /// <summary>Enters claims of rules elsewhere; before those of the VPC's own rules.</summary>
    public void AddOthers(IEnumerable<EipClaim> claims)
    {
        foreach (var claim in claims)
        {
            if (claim.Vpc == vpc || claim.IsTentative) continue;
            if (claim.Vpc is not null) Enter(_foreigners, claim.Eip, claim);
            else if (claim.Slot.Length > 0) Enter(_slots, claim, claim);
        }
    }

    /// <summary>Enters a claim of one of the VPC's own rules.</summary>
    public void Add(EipClaim claim)
    {
        if (claim.Slot.Length > 0) Enter(_slots, claim, claim);
        if (_foreigners.Count > 0 && claim.Vpc is not null && _foreigners.ContainsKey(claim.Eip)) Enter(_natives, claim.Eip, claim);
    }

    /// <summary>Enters a claim on a source of one of the VPC's own rules.</summary>
    public void Add(SourceClaim claim) => Enter(_sources, claim, claim.By);

    /// <summary>
    /// Says that a rule is about to be another one. What it has counts as free for the edits of other rules, so that rules can swap what they
    /// have.
    /// </summary>
    public void AddLeaving(string kind, string rule) => _leaving.Add((kind, rule));

    /// <summary>Why the claims of an edit, which were not entered, would take something from others; null when they would not.</summary>
    public Refusal? CheckEdit(ImmutableArray<EipClaim> claims, ImmutableArray<SourceClaim> sources)
    {
        foreach (var claim in claims)
        {
            if (_foreigners.ContainsKey(claim.Eip) && ForeignVerdict(claim) is { } foreign) return foreign;
            if (claim.Slot.Length > 0 && _slots.TryGetValue(claim, out var holder) && IsInTheWay(holder, claim)) return Taken(claim, holder);
        }
        foreach (var claim in sources)
        {
            if (_sources.TryGetValue(claim, out var holder) && holder.Eip != claim.By.Eip && IsInTheWay(holder, claim.By)) return Taken(claim, holder);
        }
        return null;
    }

    /// <summary>Why one of the claims of a rule, which were entered, lost; null when all won.</summary>
    public Refusal? Verdict(ImmutableArray<EipClaim> claims, ImmutableArray<SourceClaim> sources)
    {
        foreach (var claim in claims)
        {
            if (Verdict(claim) is { } refusal) return refusal;
        }
        foreach (var claim in sources)
        {
            if (Verdict(claim) is { } refusal) return refusal;
        }
        return null;
    }

    /// <summary>The claim of the oldest rule that gives what a source sends on an external network an address; null when none does.</summary>
    public EipClaim? OldestOn(string network, string source) =>
        _sources.GetValueOrDefault(new(network, source, new("", "", default, "", "", null)));

    private Refusal? Verdict(EipClaim claim)
    {
        if (_foreigners.Count > 0 && ForeignVerdict(claim) is { } foreign) return foreign;
        if (claim.Slot.Length == 0) return null;

        var winner = _slots[claim];
        return ReferenceEquals(winner, claim) || winner == claim ? null : Taken(claim, winner);
    }

    private Refusal? ForeignVerdict(EipClaim claim) =>
        _foreigners.TryGetValue(claim.Eip, out var foreigner) && !(_natives.TryGetValue(claim.Eip, out var native) && native.Precedes(foreigner))
            ? new(
                Reasons.Conflict,
                $"spec.ovnEip: OvnEip \"{claim.Eip}\" is in use in Vpc \"{foreigner.Vpc}\" "
                + $"by {foreigner.Kind} \"{foreigner.Rule}\", which came first")
            : null;

    private bool IsInTheWay(EipClaim holder, EipClaim claim) =>
        (holder.Kind, holder.Rule) != (claim.Kind, claim.Rule) && !_leaving.Contains((holder.Kind, holder.Rule));

    private Refusal? Verdict(SourceClaim claim)
    {
        var winner = _sources[claim];
        // Two rows that translate a source to the same address mean the same.
        return winner.Eip == claim.By.Eip ? null : Taken(claim, winner);
    }

    private static Refusal Taken(EipClaim claim, EipClaim holder) =>
        new(Reasons.Conflict, $"{Subject(claim)} is taken by {holder.Kind} \"{holder.Rule}\", which came first");

    private static Refusal Taken(SourceClaim claim, EipClaim holder) => new(
        Reasons.Conflict,
        $"spec.ovnEip: what {claim.Source} sends on Subnet \"{claim.Network}\" has OvnEip \"{holder.Eip}\" "
        + $"by {holder.Kind} \"{holder.Rule}\", which came first");

    private static string Subject(EipClaim claim) => claim.Slot.Split(' ', 2) switch
    {
        ["dnat", var port] => $"spec.externalPort: {port} of OvnEip \"{claim.Eip}\"",
        ["snat", var source] => $"spec.ovnEip: the translation of {source} to OvnEip \"{claim.Eip}\"",
        _ => $"spec.ovnEip: OvnEip \"{claim.Eip}\"",
    };

    private static void Enter<TKey>(Dictionary<TKey, EipClaim> claims, TKey key, EipClaim claim)
        where TKey : notnull
    {
        ref var winner = ref CollectionsMarshal.GetValueRefOrAddDefault(claims, key, out var exists);
        if (!exists || claim.Precedes(winner!)) winner = claim;
    }

    /// <summary>Claims are equal that are on the same slot. Mostly there is one, which is compared with itself.</summary>
    private sealed class SlotComparer : IEqualityComparer<EipClaim>
    {
        public static SlotComparer Instance { get; } = new();

        public bool Equals(EipClaim? x, EipClaim? y) => ReferenceEquals(x, y) || (x!.SlotHash == y!.SlotHash && x.Eip == y.Eip && x.Slot == y.Slot);

        public int GetHashCode(EipClaim claim) => claim.SlotHash;
    }
}
