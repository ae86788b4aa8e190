using Sluice.Api;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Reconcilers;

/// <summary>Describes the rules of one kind that belong to no VPC, because what they name does not exist. Others are their VPC's.</summary>
/// <param name="findUnowned">Such a rule of this name, or null.</param>
public sealed class RuleReconciler<TRule>(
    Resource<TRule> resource, RulePlan<TRule> plan, Func<string, RuleInput<TRule>?> findUnowned, VpcSettings settings, ObjectWriter objects)
    : IReconciler
    where TRule : KubeObject, IHasStatus
{
    public string Kind => resource.Type.Kind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        if (findUnowned(key.Name) is { } rule && plan.Unowned(rule, settings) is { } change)
            await objects.StoreAsync(resource, change, cancellation);
        return Outcome.Done;
    }
}
