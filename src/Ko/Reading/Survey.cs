using Sluice.Ovn;

namespace Sluice.Ko.Reading;

/// <summary>What is asked for, what was written and what became of it, all read at about the same time.</summary>
/// <param name="Objects">What is asked for.</param>
/// <param name="Northbound">What the controller wrote.</param>
/// <param name="Southbound">What ovn-northd and the chassis made of it.</param>
/// <param name="Now">When it was read.</param>
public sealed record Survey(ClusterObjects Objects, NorthboundSnapshot Northbound, SouthboundSnapshot Southbound, DateTimeOffset Now);
