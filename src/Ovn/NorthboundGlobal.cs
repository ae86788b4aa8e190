using Sluice.Ovn.Northbound;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>
/// The row of NB_Global: options of OVN as a whole, and the sequence numbers by which one sees how far changes have come.
/// </summary>
public sealed class NorthboundGlobal
{
    private static readonly OwnerKey Writer = new("NbGlobal", "nb_global");

    private readonly NorthboundDatabase _database;
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiters = [];
    private Task<long>? _nextBump;
    private Task _busy = Task.CompletedTask;

    internal NorthboundGlobal(NorthboundDatabase database)
    {
        _database = database;
        database.Changed += OnChanged;
    }

    /// <summary>The row; null in a database that nobody has used yet.</summary>
    public NbGlobal? Current => Read(_database.Current)?.Row;

    /// <summary>
    /// The newest <c>nb_cfg</c>. A chassis whose <c>Chassis_Private.nb_cfg</c> has come to it has everything in its flows that was committed
    /// together with an advance or before one.
    /// </summary>
    public long Sequence => Current?.NbCfg ?? 0;

    /// <summary>
    /// Sets one option, or removes it when <paramref name="value"/> is null; options of others stay. Writes nothing when it is so already.
    /// </summary>
    /// <exception cref="OvsdbException">It was not written, or that is not known.</exception>
    public Task SetOptionAsync(string key, string? value, CancellationToken cancellationToken)
    {
        var row = Read(_database.Current);
        if (string.Equals(row?.Row.Options[key], value, StringComparison.Ordinal))
            return Task.CompletedTask;
        if (row is not { } known)
        {
            return value is null
                ? Task.CompletedTask
                : _database.CommitAsync(Writer, [new Insert("NB_Global", [new("options", Pair(key, value))])], cancellationToken);
        }

        var mutations = new List<Mutation> { new("options", Mutator.Delete, Value.Of(key)) };
        if (value is not null)
            mutations.Add(new("options", Mutator.Insert, Pair(key, value)));
        return _database.CommitAsync(Writer, [new Mutate("NB_Global", [Condition.Uuid(known.Uuid)], mutations)], cancellationToken);
    }

    /// <summary>
    /// Returns when everything that was committed before the call has come as far as <paramref name="target"/>. Each time that somebody
    /// asks costs ovn-northd a computation of everything, so that callers share: while it is busy with one request, all that follow wait
    /// for the same next one.
    /// </summary>
    /// <returns>The value of <c>nb_cfg</c> that stands for the call; it can be looked for in <c>Chassis_Private.nb_cfg</c>.</returns>
    /// <exception cref="OvsdbException">The request was not written, or that is not known.</exception>
    public async Task<long> SyncAsync(SyncTarget target, CancellationToken cancellationToken)
    {
        var number = await BumpAsync().WaitAsync(cancellationToken);
        await WaitAsync(target, number, cancellationToken);
        return number;
    }

    /// <summary>Returns when <paramref name="target"/> has come to <paramref name="number"/>, a value of <c>nb_cfg</c>.</summary>
    public async Task WaitAsync(SyncTarget target, long number, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(target, number);
        lock (_gate)
            _waiters.Add(waiter);
        try
        {
            OnChanged(_database.Current);
            await waiter.Done.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
                _waiters.Remove(waiter);
        }
    }

    /// <summary>The request that the caller shares: the one that has not been written yet.</summary>
    private Task<long> BumpAsync()
    {
        lock (_gate)
            return _nextBump ??= BumpAfterAsync(_busy);
    }

    private async Task<long> BumpAfterAsync(Task busy)
    {
        await busy.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Task<long> bump;
        lock (_gate)
        {
            _nextBump = null;
            bump = BumpNowAsync();
            _busy = CatchUpAsync(bump);
        }
        return await bump;
    }

    /// <summary>The operation that advances <see cref="Sequence"/>.</summary>
    internal Operation Advance() => Read(_database.Current) is { } row
        ? new Mutate("NB_Global", [Condition.Uuid(row.Uuid)], [new("nb_cfg", Mutator.Add, Value.Of(1L))])
        : new Insert("NB_Global", [new("nb_cfg", Value.Of(1L))]);

    private async Task<long> BumpNowAsync()
    {
        await _database.CommitAsync(Writer, [Advance()], CancellationToken.None);
        return Read(_database.Current)?.Row.NbCfg ?? throw new OvsdbException("NB_Global is gone", isTransient: true);
    }

    /// <summary>Ends when ovn-northd is ready for the next request.</summary>
    private async Task CatchUpAsync(Task<long> bump)
    {
        try
        {
            await WaitAsync(SyncTarget.Southbound, await bump, CancellationToken.None);
        }
        catch (OvsdbException)
        {
            // Those who asked are told, and the next one tries again.
        }
    }

    private void OnChanged(NorthboundSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_waiters.Count == 0 || Read(snapshot) is not { } row)
                return;
            foreach (var waiter in _waiters)
            {
                if (waiter.Number <= (waiter.Target == SyncTarget.Southbound ? row.Row.SbCfg : row.Row.HvCfg))
                    waiter.Done.TrySetResult();
            }
        }
    }

    private static StoredRow<NbGlobal>? Read(NorthboundSnapshot snapshot) =>
        snapshot.All<NbGlobal>().Select(row => (StoredRow<NbGlobal>?)row).FirstOrDefault();

    private static Value Pair(string key, string value) => Value.Map([KeyValuePair.Create(key, value)]);

    private sealed record Waiter(SyncTarget Target, long Number)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
