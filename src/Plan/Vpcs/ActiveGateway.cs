using System.Collections.Immutable;

namespace Sluice.Plan.Vpcs;

/// <summary>Where a router port that may be on several chassis is active.</summary>
/// <param name="Port">The router port.</param>
/// <param name="Chassis">The chassis that carries it.</param>
/// <param name="Order">The chassis that it may be on, the preferred one first, as they were last written.</param>
public sealed record ActiveGateway(string Port, string Chassis, ImmutableArray<string> Order)
{
    /// <summary>
    /// The place of another chassis among those that would follow. Whoever is preferred to the active one is dead as far as the others can
    /// see, and comes last. Were it to come back as the second, it would take the port as soon as it saw anybody but the first.
    /// </summary>
    internal int RankOf(string chassis)
    {
        var (place, first) = (Order.IndexOf(chassis), Order.IndexOf(Chassis));
        if (place < 0) return Order.Length;
        return place >= first ? place : Order.Length + 1 + place;
    }
}
