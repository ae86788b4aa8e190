using Sluice.Ovsdb;

namespace Sluice.Ovn.Write;

/// <summary>
/// Commits plans, those that are ready together in one transaction. Nothing is delayed in order to be gathered: while a transaction is
/// under way, what becomes ready waits for its reply, so that the busier the server is the fuller the transactions are. That matters
/// because ovn-northd starts its work over with every transaction. Only a plan that is larger than a full transaction, and may be divided,
/// takes several.
/// </summary>
internal sealed class NorthboundWriter
{
    private const int CommentedOwners = 16;

    /// <summary>Parts of a plan that are sent before the first reply is waited for: one to work on, one to come and one to decode.</summary>
    private const int PartsUnderWay = 3;

    private readonly Func<IReadOnlyList<Operation>, CancellationToken, Task<IReadOnlyList<OperationResult>>> _transact;
    private readonly TimeProvider _time;
    private readonly int _fullTransaction;
    private readonly Lock _gate = new();
    private readonly Queue<PendingPlan> _pending = new();
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isStopped;

    /// <param name="transact">Commits one transaction.</param>
    /// <param name="fullTransaction">Operations after which no further plan joins a transaction, and a plan is divided if it may be.</param>
    public NorthboundWriter(
        Func<IReadOnlyList<Operation>, CancellationToken, Task<IReadOnlyList<OperationResult>>> transact,
        int fullTransaction,
        TimeProvider time)
    {
        _transact = transact;
        _fullTransaction = fullTransaction;
        _time = time;
    }

    /// <summary>The lock that every transaction asserts; null for none.</summary>
    public string? LockName { get; set; }

    /// <summary>The operation that advances the sequence number of the database, in transactions with plans of <see cref="AdvancesFor"/>.</summary>
    public Func<Operation>? Advance { get; init; }

    /// <inheritdoc cref="NorthboundDatabase.AdvancesFor"/>
    public Predicate<OwnerKey>? AdvancesFor { get; set; }

    public WriterStatistics Statistics { get; } = new();

    /// <summary>Returns when the operations are committed.</summary>
    /// <param name="cuts">See <see cref="Changes.Cuts"/>.</param>
    /// <exception cref="OvsdbException">They are not, or it is not known; of a plan with cuts some parts may be.</exception>
    public Task CommitAsync(
        OwnerKey owner, IReadOnlyList<Operation> operations, IReadOnlyList<int> cuts, CancellationToken cancellationToken)
    {
        if (operations.Count == 0)
            return Task.CompletedTask;
        var plan = new PendingPlan(owner, operations, cuts, cancellationToken);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isStopped, this);
            _pending.Enqueue(plan);
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = WriteAsync();
            }
        }
        return plan.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Abandons what has not been sent and waits for the transaction under way.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            _isStopped = true;
            while (_pending.TryDequeue(out var plan))
                plan.Failed(new OvsdbException("The writer was stopped", isTransient: true));
            return _writing;
        }
    }

    private async Task WriteAsync()
    {
        // Leaves the lock that the caller holds.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (TakeBatch() is { Count: > 0 } plans)
            await (plans is [var large] && large.Operations.Count > _fullTransaction ? WriteInPartsAsync(large) : WriteAsync(plans));
    }

    /// <summary>The plans of the next transaction. When there are none the writing ends, and the next plan starts it again.</summary>
    private List<PendingPlan> TakeBatch()
    {
        var plans = new List<PendingPlan>();
        var owners = new HashSet<OwnerKey>();
        var operations = 0;
        lock (_gate)
        {
            while (operations < _fullTransaction && _pending.TryPeek(out var next))
            {
                if (plans.Count > 0 && operations + next.Operations.Count > _fullTransaction)
                    break;
                if (!owners.Add(next.Owner))
                    break; // Two plans of one owner would give rows the same names.
                _pending.Dequeue();
                if (next.IsAbandoned)
                {
                    next.Abandoned();
                    continue;
                }
                plans.Add(next);
                operations += next.Operations.Count;
            }
            _isWriting = plans.Count > 0;
        }
        return plans;
    }

    /// <summary>
    /// Commits plans in one transaction. When the server refuses it, the halves are tried, so that in the end exactly the plans that are at
    /// fault are refused, and the others still share transactions.
    /// </summary>
    private async Task WriteAsync(List<PendingPlan> plans)
    {
        try
        {
            var results = await TransactAsync(plans, [.. plans.SelectMany(plan => plan.Operations)], plans.Count);
            Report(plans, results);
        }
        catch (OvsdbException e) when (!e.IsTransient)
        {
            if (plans.Count == 1)
            {
                plans[0].Failed(e);
                return;
            }
            var half = plans.Count / 2;
            await WriteAsync(plans[..half]);
            await WriteAsync(plans[half..]);
        }
        catch (Exception e)
        {
            // The connection, the leader or the lock is lost: each plan is made anew from what the database holds then.
            foreach (var plan in plans)
                plan.Failed(e);
        }
    }

    /// <summary>
    /// Commits a large plan part by part, the next parts being on their way while the server works on one. When a part fails, no more are
    /// sent; those that were committed stay, and the owner's next plan finds the others missing.
    /// </summary>
    private async Task WriteInPartsAsync(PendingPlan plan)
    {
        var underWay = new Queue<Task>();
        try
        {
            var first = true;
            foreach (var part in plan.Parts)
            {
                if (underWay.Count == PartsUnderWay)
                    await underWay.Dequeue();
                underWay.Enqueue(WritePartAsync(plan, part, first));
                first = false;
            }
            while (underWay.TryDequeue(out var written))
                await written;
            plan.Committed();
        }
        catch (Exception e)
        {
            await Task.WhenAll(underWay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            plan.Failed(e);
        }
    }

    private async Task WritePartAsync(PendingPlan plan, IReadOnlyList<Operation> part, bool first)
    {
        var results = await TransactAsync([plan], part, first ? 1 : 0);
        if (Vanished(part, results, 0) is { } vanished)
            throw Stale(plan, vanished);
    }

    /// <summary>Commits operations of plans, and returns what each of them did.</summary>
    /// <param name="counted">How many plans the statistics are to count.</param>
    private async Task<IReadOnlyList<OperationResult>> TransactAsync(
        List<PendingPlan> plans, IReadOnlyList<Operation> operations, int counted)
    {
        var all = new List<Operation>(3 + operations.Count);
        if (LockName is { } name)
            all.Add(new Assert(name));
        all.Add(new Comment(Describe(plans)));
        if (Advance is not null && AdvancesFor is { } advances && plans.Exists(plan => advances(plan.Owner)))
            all.Add(Advance());
        var head = all.Count;
        all.AddRange(operations);
        var started = _time.GetTimestamp();
        try
        {
            var results = await _transact(all, CancellationToken.None);
            Statistics.OnCommitted(counted, operations.Count, _time.GetElapsedTime(started));
            return [.. results.Skip(head)];
        }
        catch (OvsdbException e) when (!e.IsTransient)
        {
            Statistics.OnRefused(counted, operations.Count, _time.GetElapsedTime(started));
            throw;
        }
        catch
        {
            Statistics.OnFailed(counted, operations.Count, _time.GetElapsedTime(started));
            throw;
        }
    }

    private static string Describe(List<PendingPlan> plans)
    {
        var owners = string.Join(' ', plans.Take(CommentedOwners).Select(plan => plan.Owner));
        return plans.Count > CommentedOwners ? $"sluice: {owners} and {plans.Count - CommentedOwners} more" : $"sluice: {owners}";
    }

    /// <summary>Tells each plan how it ended: a plan that changed a row that is not there any more was made of an old view.</summary>
    private static void Report(List<PendingPlan> plans, IReadOnlyList<OperationResult> results)
    {
        var first = 0;
        foreach (var plan in plans)
        {
            if (Vanished(plan.Operations, results, first) is { } vanished)
                plan.Failed(Stale(plan, vanished));
            else
                plan.Committed();
            first += plan.Operations.Count;
        }
    }

    /// <summary>The first operation that changes a row and found none.</summary>
    private static Operation? Vanished(IReadOnlyList<Operation> operations, IReadOnlyList<OperationResult> results, int first) =>
        operations.Where((operation, number) => operation is Update or Mutate && results[first + number].Count == 0).FirstOrDefault();

    private static OvsdbException Stale(PendingPlan plan, Operation vanished) =>
        new($"A row that {plan.Owner} changes is gone: {vanished}", isTransient: true);
}
