using Sluice.Ovn;
using Sluice.Plan;

namespace Sluice.Controller.Loop;

/// <summary>
/// Makes what should exist for a key of one kind exist: gathers from caches, plans, writes what differs. It is never told what happened,
/// and no two calls for the same key ever overlap.
/// </summary>
public interface IReconciler
{
    /// <summary>The <see cref="OwnerKey.Kind"/> it serves.</summary>
    string Kind { get; }

    /// <returns>How it ended; failing (I/O) is an exception and is answered with backoff.</returns>
    Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation);
}
