namespace Sluice.Plan.Vpcs;

/// <summary>
/// What a rule asks of an OvnEip for itself alone. Of the claims on the same slot the one that is in force wins, so that nothing new and no
/// edit takes what is served; then the oldest, then the one whose rule comes first by name.
/// </summary>
/// <param name="Eip">Name of the OvnEip.</param>
/// <param name="Slot">See <see cref="EipSlots"/>; empty for a rule that does not say yet what it asks for.</param>
/// <param name="Created">When the rule was created.</param>
/// <param name="Kind">Kind of the rule.</param>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Vpc">The VPC that the rule belongs to; null when it belongs to none.</param>
public sealed record EipClaim(string Eip, string Slot, DateTimeOffset Created, string Kind, string Rule, string? Vpc)
{
    /// <summary>Whether the rule has a spec in force.</summary>
    public bool IsInForce { get; init; }

    /// <summary>Whether it is what the rule asks for in a spec that is not in force: it takes nothing from others.</summary>
    public bool IsTentative { get; init; }

    /// <summary>Of OvnEip and slot; kept, for a claim outlives many plans and is looked up in each.</summary>
    internal int SlotHash { get; } = HashCode.Combine(Eip, Slot);

    /// <summary>Whether this claim wins against <paramref name="other"/>.</summary>
    public bool Precedes(EipClaim other)
    {
        if (IsInForce != other.IsInForce) return IsInForce;
        var order = Created.CompareTo(other.Created);
        if (order == 0) order = string.CompareOrdinal(Rule, other.Rule);
        if (order == 0) order = string.CompareOrdinal(Kind, other.Kind);
        return order < 0;
    }
}

/// <summary>The parts of an OvnEip that only one rule can have.</summary>
public static class EipSlots
{
    /// <summary>The whole address, one-to-one; SNAT and DNAT rules may still share it.</summary>
    public const string Fip = "fip";

    /// <summary>One port of one protocol.</summary>
    public static string Dnat(string protocol, ushort port) => $"dnat {protocol}:{port}";

    /// <summary>One source translated to the EIP.</summary>
    public static string Snat(string source) => $"snat {source}";
}
