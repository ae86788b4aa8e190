using Microsoft.Extensions.Logging;
using Sluice.Ovsdb;

namespace Sluice.Agent.Ovs;

/// <summary>The node's OVS database: its newest snapshot, changes to it, and waiting for it to become something.</summary>
internal sealed class OvsDatabase : IAsyncDisposable
{
    private static readonly TimeSpan ApplyPatience = TimeSpan.FromSeconds(10);

    private readonly OvsdbClient _client;
    private readonly TimeProvider _time;

    /// <param name="socket">As <c>--ovs-socket</c> is written: an endpoint, or the path of a unix socket.</param>
    public OvsDatabase(string socket, ILogger logger, TimeProvider time)
    {
        var options = new OvsdbOptions
        {
            Endpoints = [Endpoint.Parse(socket.StartsWith('/') ? $"unix:{socket}" : socket)],
            Database = "Open_vSwitch",
            LeaderOnly = false,
            Monitor = OvsSnapshot.Monitor,
            Indexes = OvsSnapshot.Indexes,
        };
        _client = new OvsdbClient(options, logger, time);
        _time = time;
    }

    /// <summary>Runs on the read loop: handlers only enqueue.</summary>
    public event Action<ReplicaDelta>? Changed
    {
        add => _client.Replica.Changed += value;
        remove => _client.Replica.Changed -= value;
    }

    /// <summary>Says that the connection came into sync (true) or was lost. Runs on the read loop.</summary>
    public event Action<bool>? ConnectionChanged
    {
        add => _client.ConnectionChanged += value;
        remove => _client.ConnectionChanged -= value;
    }

    public OvsSnapshot Current => new(_client.Replica.Current);

    public bool IsConnected => _client.IsConnected;

    /// <summary>Returns once the first snapshot is complete.</summary>
    public Task StartAsync(CancellationToken ct) => _client.StartAsync(ct);

    /// <inheritdoc cref="OvsdbClient.TransactAsync"/>
    public Task<IReadOnlyList<OperationResult>> TransactAsync(IReadOnlyList<Operation> operations, CancellationToken ct) =>
        _client.TransactAsync(operations, ct);

    /// <summary>Commits operations and returns once ovs-vswitchd has done what they ask for, as ovs-vsctl(8) does.</summary>
    /// <exception cref="OvsdbException">The server refused; nothing was done.</exception>
    /// <exception cref="TimeoutException">It is committed, but ovs-vswitchd does not get to it.</exception>
    public async Task ApplyAsync(IReadOnlyList<Operation> operations, CancellationToken ct)
    {
        var root = Current.Root ?? throw new InvalidOperationException("the OVS database is not initialised");
        var next = new Mutate("Open_vSwitch", [Condition.Uuid(root.Uuid)], [new Mutation("next_cfg", Mutator.Add, Value.Of(1))]);
        await _client.TransactAsync([.. operations, next], ct);

        // The replica shows what was committed, and perhaps what others committed since.
        var wanted = Current.Root!["next_cfg"].AsLong();
        using var timer = new CancellationTokenSource(ApplyPatience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            await WaitForAsync(snapshot => snapshot.Root is { } now && now["cur_cfg"].AsLong() >= wanted ? now : null, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("ovs-vswitchd does not follow its database: is it running?");
        }
    }

    /// <summary>Returns what <paramref name="find"/> finds as soon as it finds something; looks at every change, never at a clock.</summary>
    /// <param name="find">Pure and quick; runs on the read loop. What it throws ends the wait.</param>
    public async Task<T> WaitForAsync<T>(Func<OvsSnapshot, T?> find, CancellationToken ct)
        where T : class
    {
        var found = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Changed += Look;
        try
        {
            Look(delta: null);
            return await found.Task.WaitAsync(ct);
        }
        finally
        {
            Changed -= Look;
        }

        void Look(ReplicaDelta? delta)
        {
            try
            {
                if (find(delta is null ? Current : new OvsSnapshot(delta.After)) is { } value)
                    found.TrySetResult(value);
            }
            catch (Exception e)
            {
                found.TrySetException(e);
            }
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();
}
