namespace Sluice.Plan.Vpcs;

/// <summary>What a BFD session of a router says now.</summary>
/// <param name="Port">The router port.</param>
/// <param name="Peer">The address at the other end.</param>
/// <param name="Chassis">The chassis that carried the port when the session was made; null when nobody noted it.</param>
/// <param name="State"><c>down</c>, <c>init</c>, <c>up</c> or <c>admin_down</c> (ovn-nb(5), <c>BFD.status</c>); null while nobody has said.</param>
public readonly record struct BfdSession(string Port, string Peer, string? Chassis, string? State);

/// <summary>What tells a BFD session from others.</summary>
/// <param name="Port">The router port.</param>
/// <param name="Address">The address at the other end.</param>
public readonly record struct BfdPeer(string Port, string Address);

