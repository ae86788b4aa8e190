using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>What the plan of a VPC wants to change in the API: only what differs, so that nothing is written when it is empty.</summary>
public sealed record VpcChanges
{
    public static VpcChanges None { get; } = new();

    public Change<Vpc>? Vpc { get; init; }

    public ImmutableArray<Change<OvnFip>> Fips { get; init; } = [];

    public ImmutableArray<Change<OvnSnatRule>> SnatRules { get; init; } = [];

    public ImmutableArray<Change<OvnDnatRule>> DnatRules { get; init; } = [];

    /// <summary>OvnEips for router ports, without addresses; those are allocated like any other's.</summary>
    public ImmutableArray<OvnEip> CreateEips { get; init; } = [];

    /// <summary>OvnEips for router ports, made by us, whose specs ask for other addresses now.</summary>
    public ImmutableArray<Change<OvnEip>> ChangeEips { get; init; } = [];

    /// <summary>OvnEips of router ports that are no longer wanted; to be deleted as the versions seen.</summary>
    public ImmutableArray<OvnEip> DeleteEips { get; init; } = [];

    /// <summary>Rules that chassis have yet to catch up with; what is to be stored of them follows then. Nothing to store by itself.</summary>
    public ImmutableArray<AwaitedRule> Awaited { get; init; } = [];

    public bool IsEmpty =>
        Vpc is null && Fips.IsEmpty && SnatRules.IsEmpty && DnatRules.IsEmpty
        && CreateEips.IsEmpty && ChangeEips.IsEmpty && DeleteEips.IsEmpty;
}
