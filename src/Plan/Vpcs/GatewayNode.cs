namespace Sluice.Plan.Vpcs;

/// <summary>A node that is labelled as external gateway.</summary>
/// <param name="Chassis">Name of its OVN chassis; null until the node's agent announced it.</param>
/// <param name="Ready">False when the node is known not to be ready; its chassis is then the last choice, and no next hop.</param>
public sealed record GatewayNode(string Name, string? Chassis, bool Ready);
