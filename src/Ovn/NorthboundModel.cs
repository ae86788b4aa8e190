using Sluice.Ovn.Model;
using Sluice.Ovn.Northbound;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>What we want of <c>OVN_Northbound</c>: the tables and columns that are modelled, and how their rows are found.</summary>
public static class NorthboundModel
{
    public const string Database = "OVN_Northbound";

    /// <summary>For <see cref="OvsdbOptions.Monitor"/>.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>?> Monitor { get; } = ReplicaLayout.Monitor(NorthboundTables.All);

    /// <summary>For <see cref="OvsdbOptions.Indexes"/>.</summary>
    public static IReadOnlyList<IndexSpec> Indexes { get; } = ReplicaLayout.KeysAndOwners(NorthboundTables.All);
}
