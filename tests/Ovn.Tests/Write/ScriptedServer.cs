using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Write;

/// <summary>A server whose replies the test decides.</summary>
internal sealed class ScriptedServer
{
    private readonly Queue<TaskCompletionSource> _gates = new();

    /// <summary>The transactions that were sent, each as the owners in its comment.</summary>
    public List<string> Sent { get; } = [];

    public List<IReadOnlyList<Operation>> Transactions { get; } = [];

    /// <summary>The error for a transaction; null commits it.</summary>
    public Func<IReadOnlyList<Operation>, Exception?> Verdict { get; set; } = _ => null;

    /// <summary>Rows that an update or mutation matches.</summary>
    public Func<Operation, int> Count { get; set; } = _ => 1;

    /// <summary>Lets the next transaction wait until the result is completed.</summary>
    public TaskCompletionSource HoldNext()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gates.Enqueue(gate);
        return gate;
    }

    /// <summary>Returns when this many transactions were sent.</summary>
    public async Task SentAsync(int count)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            lock (Sent)
            {
                if (Sent.Count >= count)
                    break;
            }
            await Task.Delay(10);
        }
        Sent.Count.ShouldBe(count);
    }

    public async Task<IReadOnlyList<OperationResult>> TransactAsync(
        IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        lock (Sent)
        {
            Transactions.Add(operations);
            Sent.Add(operations.OfType<Comment>().Single().Text.Replace("sluice: ", "", StringComparison.Ordinal));
        }
        if (_gates.TryDequeue(out var gate))
            await gate.Task;
        if (Verdict(operations) is { } error)
            throw error;
        return [.. operations.Select(operation => new OperationResult(Count(operation), null, []))];
    }
}
