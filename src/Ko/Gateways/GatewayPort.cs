using System.Collections.Immutable;

namespace Sluice.Ko.Gateways;

/// <summary>A port of a router that one of several chassis carries.</summary>
/// <param name="Networks">Its addresses with their prefix lengths.</param>
/// <param name="Chassis">Those that may carry it, the preferred one first.</param>
/// <param name="Sessions">The BFD sessions of next hops behind it.</param>
public sealed record GatewayPort(string Vpc, string Port, string Networks, ImmutableArray<GatewayMember> Chassis, ImmutableArray<GatewaySession> Sessions);

/// <summary>A chassis that may carry a port.</summary>
/// <param name="Node">Name of its node; null when no node has announced it.</param>
/// <param name="IsRegistered">Whether its ovn-controller is known to the southbound database.</param>
/// <param name="IsActive">Whether it carries the port now.</param>
public sealed record GatewayMember(string? Node, string Chassis, long Priority, bool IsRegistered, bool IsActive);

/// <summary>A BFD session, see table BFD of ovn-sb(5).</summary>
/// <param name="Status"><c>up</c>, <c>down</c>, <c>init</c> or <c>admin_down</c>.</param>
public sealed record GatewaySession(string Destination, string Status);
