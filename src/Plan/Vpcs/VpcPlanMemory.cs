namespace Sluice.Plan.Vpcs;

/// <summary>
/// What the last plan of a VPC worked out, for the next plan of the same VPC to use where its grounds are the same. Forgetting it at any
/// time changes nothing but the time the next plan takes. Not thread-safe.
/// </summary>
public sealed class VpcPlanMemory
{
    internal VpcRules Rules { get; } = new();

    internal RowPool Rows { get; } = new();
}
