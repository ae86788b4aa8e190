using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Vpcs;

namespace Sluice.Ko.Reading;

/// <summary>What the controller would do about one VPC now, worked out by its own plan.</summary>
public sealed class VpcForecast
{
    private readonly VpcChanges _after;
    private readonly VpcChanges _before;

    private VpcForecast(VpcInput input, VpcPlan plan, Changes changes, NorthboundSnapshot nb)
    {
        (Input, Rows, Conflicts) = (input, RowChanges.Of(changes.Operations, nb), changes.Conflicts);
        (_before, _after) = (plan.Before, plan.After(changes));
    }

    public VpcInput Input { get; }

    /// <summary>The rows of the VPC that are not as they should be.</summary>
    public ImmutableArray<RowChange> Rows { get; }

    /// <summary>Rows of somebody else that are where ours should be.</summary>
    public ImmutableArray<RowConflict> Conflicts { get; }

    /// <summary>What the Vpc should say; null when there is none.</summary>
    public Vpc? Vpc => _after.Vpc?.Desired ?? Input.Vpc;

    public static VpcForecast For(Survey survey, string vpc)
    {
        var input = new VpcGather(survey.Objects).For(vpc);
        var plan = VpcPlan.For(input);
        return new(input, plan, RowDiff.Between(new OwnerKey(nameof(Vpc), vpc), plan.Rows, survey.Northbound), survey.Northbound);
    }

    /// <summary>What a rule of the VPC should say.</summary>
    public KubeObject Desired(KubeObject rule) => rule switch
    {
        OvnFip fip => Find(_after.Fips, fip),
        OvnSnatRule snat => Find(_after.SnatRules, snat),
        OvnDnatRule dnat => Find(_after.DnatRules, dnat),
        _ => throw new ArgumentException($"{rule.Kind} is no rule", nameof(rule)),
    };

    /// <summary>Whether a rule, or its Vpc, still waits for its finalizer and so has no rows.</summary>
    public bool IsNew(KubeObject rule) => _before.Vpc is not null || rule switch
    {
        OvnFip fip => _before.Fips.Any(change => change.Observed == fip),
        OvnSnatRule snat => _before.SnatRules.Any(change => change.Observed == snat),
        OvnDnatRule dnat => _before.DnatRules.Any(change => change.Observed == dnat),
        _ => false,
    };

    private static T Find<T>(ImmutableArray<Change<T>> changes, T rule)
        where T : KubeObject => changes.FirstOrDefault(change => change.Observed == rule).Desired ?? rule;
}
