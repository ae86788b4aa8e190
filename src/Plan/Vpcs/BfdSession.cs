namespace Sluice.Plan.Vpcs;

/// <summary>What a BFD session of a router says now.</summary>
/// <param name="Port">The router port.</param>
/// <param name="Peer">The address at the other end.</param>
/// <param name="State"><c>down</c>, <c>init</c>, <c>up</c> or <c>admin_down</c> (ovn-nb(5), <c>BFD.status</c>); null while nobody has said.</param>
public readonly record struct BfdSession(string Port, string Peer, string? State);

/// <summary>Where a router port that is on several chassis is active.</summary>
/// <param name="Port">The router port.</param>
/// <param name="Chassis">The chassis that carries it.</param>
public readonly record struct ActiveGateway(string Port, string Chassis);
