using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// Which external and internal addresses are in use on the gateway node, so that a FIP that shares one has to be there too, see
/// docs/design/0007-one-address-one-chassis.md.
/// </summary>
internal sealed class Sharing
{
    private readonly Dictionary<string, string> _external = [];
    private readonly Dictionary<string, string> _internal = [];
    private readonly HashSet<string> _ofFips = [];

    /// <param name="dnatRules">Lead connections to their internal addresses, too.</param>
    public Sharing(ImmutableArray<RuleDecision<OvnDnatRule>> dnatRules, ImmutableArray<RuleDecision<OvnSnatRule>> snatRules)
    {
        foreach (var rule in dnatRules)
        {
            if (rule.Translation is not { } translation) continue;
            Enter(_external, translation.Eip, rule.Name);
            if (translation.V4 is { } v4) Enter(_internal, v4, rule.Name);
            if (translation.V6 is { } v6) Enter(_internal, v6, rule.Name);
        }
        foreach (var rule in snatRules)
        {
            if (rule.Translation is { } translation) Enter(_external, translation.Eip, rule.Name);
        }
    }

    private Sharing(Sharing rules, HashSet<string> ofFips) => (_external, _internal, _ofFips) = (rules._external, rules._internal, ofFips);

    /// <summary>This, with the FIPs that are translated on the gateway node; null when that does not bring others there.</summary>
    public Sharing? With(ImmutableArray<RuleDecision<OvnFip>> fips)
    {
        if (!fips.Any(static fip => fip.Placement is { Distributed: true })) return null;

        var addresses = new HashSet<string>();
        foreach (var fip in fips)
        {
            if (fip.Translation is not { } translation || fip.Placement is not { Distributed: false }) continue;
            if (translation.V4 is { } v4) addresses.Add(v4);
            if (translation.V6 is { } v6) addresses.Add(v6);
        }
        if (addresses.Count == 0) return null;

        var wider = new Sharing(this, addresses);
        foreach (var fip in fips)
        {
            if (fip.Translation is { } translation && fip.Placement is { Distributed: true } && wider.IsOfFip(translation)) return wider;
        }
        return null;
    }

    /// <summary>Why a FIP can not be translated on the node of its pod; null when it can.</summary>
    public Placement? Of(Translation fip)
    {
        if (_external.TryGetValue(fip.Eip, out var rule)) return Placement.Shared($"{rule} uses OvnEip \"{fip.Eip}\" too");
        if ((fip.V4 is { } v4 && _internal.TryGetValue(v4, out rule)) || (fip.V6 is { } v6 && _internal.TryGetValue(v6, out rule)))
        {
            return Placement.Shared($"{rule} leads to the same address");
        }
        return IsOfFip(fip) ? Placement.Shared("another FIP there leads to the same address") : null;
    }

    private bool IsOfFip(Translation fip) =>
        (fip.V4 is not null && _ofFips.Contains(fip.V4)) || (fip.V6 is not null && _ofFips.Contains(fip.V6));

    // The first name wins, so that the message does not depend on the order of the rules.
    private static void Enter(Dictionary<string, string> names, string address, string rule)
    {
        if (!names.TryGetValue(address, out var known) || string.CompareOrdinal(rule, known) < 0) names[address] = rule;
    }
}
