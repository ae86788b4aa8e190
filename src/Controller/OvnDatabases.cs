using Sluice.Ovn;

namespace Sluice.Controller;

/// <summary>The databases of OVN.</summary>
/// <param name="Northbound">Read and written.</param>
/// <param name="Southbound">Only read: what chassis have made of it.</param>
public sealed record OvnDatabases(NorthboundDatabase Northbound, SouthboundDatabase Southbound);
