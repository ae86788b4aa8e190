using Microsoft.Extensions.Logging;
using Sluice.Ovsdb;

namespace Sluice.Agent.Ovs;

/// <summary>The node's OVS database: its newest snapshot, changes to it, and waiting for it to become something.</summary>
internal sealed class OvsDatabase : IAsyncDisposable
{
    private readonly OvsdbClient _client;

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
    }

    /// <summary>Runs on the read loop: handlers only enqueue.</summary>
    public event Action<ReplicaDelta>? Changed
    {
        add => _client.Replica.Changed += value;
        remove => _client.Replica.Changed -= value;
    }

    public OvsSnapshot Current => new(_client.Replica.Current);

    public bool IsConnected => _client.IsConnected;

    /// <summary>Returns once the first snapshot is complete.</summary>
    public Task StartAsync(CancellationToken ct) => _client.StartAsync(ct);

    /// <inheritdoc cref="OvsdbClient.TransactAsync"/>
    public Task<IReadOnlyList<OperationResult>> TransactAsync(IReadOnlyList<Operation> operations, CancellationToken ct) =>
        _client.TransactAsync(operations, ct);

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
