using Sluice.Ovsdb;

namespace Sluice.Ovn.Write;

/// <summary>The operations of one plan, waiting to be committed.</summary>
internal sealed class PendingPlan(
    OwnerKey owner, IReadOnlyList<Operation> operations, IReadOnlyList<int> cuts, CancellationToken cancellation)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OwnerKey Owner { get; } = owner;

    public IReadOnlyList<Operation> Operations { get; } = operations;

    /// <summary>The operations as they may be divided; in one part when they may not.</summary>
    public IEnumerable<IReadOnlyList<Operation>> Parts =>
        [.. cuts.Prepend(0).Zip(cuts.Append(Operations.Count), (from, to) => Operations.Skip(from).Take(to - from).ToArray())];

    /// <summary>Nobody waits for the plan any more; before it was sent, that means that it need not be.</summary>
    public bool IsAbandoned => cancellation.IsCancellationRequested;

    /// <summary>Ends when the plan was committed; with an exception when it was not.</summary>
    public Task Task => _done.Task;

    public void Committed() => _done.TrySetResult();

    public void Failed(Exception exception) => _done.TrySetException(exception);

    public void Abandoned() => _done.TrySetCanceled(cancellation);
}
