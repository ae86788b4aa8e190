using Sluice.Plan;

namespace Sluice.Agent.Reconcile;

/// <summary>Makes one kind of thing on this node what it should be. Looks at everything anew each time; what set it off does not matter.</summary>
internal interface IReconciler
{
    /// <summary>The <see cref="AgentKey.Kind"/> of its keys.</summary>
    string Kind { get; }

    /// <exception cref="Exception">Something failed; the key is tried again after a while.</exception>
    Task<Outcome> ReconcileAsync(string name, CancellationToken ct);
}
