using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan.Vpcs;

/// <summary>Which external and internal addresses are in use on the gateway node, so that a FIP that shares one has to be there too.</summary>
internal sealed class Sharing
{
    private readonly Dictionary<string, string> _external = [];
    private readonly Dictionary<string, string> _internal = [];
    private readonly HashSet<string> _ofFips = [];

    /// <summary>Enters a SNAT or DNAT rule, if it is served.</summary>
    /// <param name="forwards">Whether connections from outside reach its internal address.</param>
    public void Add<TRule>(RuleDecision<TRule> rule, bool forwards)
        where TRule : KubeObject
    {
        if (rule.Translation is not { } translation) return;
        Enter(_external, translation.Eip, rule.Name);
        if (!forwards) return;
        if (translation.V4 is { } v4) Enter(_internal, v4, rule.Name);
        if (translation.V6 is { } v6) Enter(_internal, v6, rule.Name);
    }

    /// <summary>Enters the FIPs that are translated on the gateway node; true when others, which are not yet, have to be as well.</summary>
    public bool AddCentralized(ImmutableArray<RuleDecision<OvnFip>> fips)
    {
        foreach (var fip in fips)
        {
            if (fip is not { Translation: { } translation, Placement.Distributed: false }) continue;
            if (translation.V4 is { } v4) _ofFips.Add(v4);
            if (translation.V6 is { } v6) _ofFips.Add(v6);
        }
        return _ofFips.Count > 0 && fips.Any(fip => fip is { Translation: { } translation, Placement.Distributed: true } && IsOfFip(translation));
    }

    /// <summary>Why a FIP can not be translated on the node of its pod; null when it can.</summary>
    public Placement? Of(Translation fip)
    {
        if (_external.Count == 0 && _ofFips.Count == 0) return null;
        if (_external.TryGetValue(fip.Eip, out var rule)) return Placement.Shared($"{rule} uses OvnEip {fip.Eip} too");
        if ((fip.V4 is not null && _internal.TryGetValue(fip.V4, out rule)) || (fip.V6 is not null && _internal.TryGetValue(fip.V6, out rule)))
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
