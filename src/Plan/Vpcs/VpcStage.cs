using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>Where a VPC is in its life.</summary>
internal enum VpcStage
{
    /// <summary>It does not exist, is not ours, or is being deleted and nothing is left in it.</summary>
    Gone,

    /// <summary>It waits for our finalizer.</summary>
    New,

    /// <summary>It has a router.</summary>
    Live,
}

internal static class VpcStages
{
    /// <param name="referrers">What keeps the VPC from being deleted.</param>
    public static VpcStage Of(Vpc? vpc, ImmutableArray<string> referrers)
    {
        if (vpc is null || IsImported(vpc)) return VpcStage.Gone;
        if (vpc.Metadata.IsDeleting) return vpc.Metadata.IsHeld() && !referrers.IsEmpty ? VpcStage.Live : VpcStage.Gone;
        return vpc.Metadata.IsHeld() ? VpcStage.Live : VpcStage.New;
    }

    /// <summary>Whether the Vpc stands for a router that another system made and keeps.</summary>
    public static bool IsImported(Vpc vpc) => vpc.Metadata.Label(Names.Labels.VpcExternal) is not (null or "false");
}
