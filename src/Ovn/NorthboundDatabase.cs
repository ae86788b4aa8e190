using Microsoft.Extensions.Logging;
using Sluice.Ovn.Model;
using Sluice.Ovn.Northbound;
using Sluice.Ovn.Write;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>
/// The northbound database: a replica of the tables that we model as far as the server has them, and the one writer.
/// </summary>
public sealed class NorthboundDatabase : IAsyncDisposable
{
    private readonly OvsdbClient _client;
    private readonly NorthboundWriter _writer;
    private NorthboundSnapshot? _current;

    public NorthboundDatabase(OvnDatabaseOptions options, ILogger<NorthboundDatabase>? logger = null, TimeProvider? time = null)
    {
        _client = new(options.For(NorthboundModel.Database, NorthboundModel.Monitor, NorthboundModel.Indexes), logger, time);
        _client.Replica.Changed += OnChanged;
        _client.ConnectionChanged += connected => ConnectionChanged?.Invoke(connected);
        Global = new(this);
        _writer = new(_client.TransactAsync, options.FullTransaction, time ?? TimeProvider.System) { Advance = Global.Advance };
    }

    /// <summary>
    /// Rows of these owners came, went or changed, by whomever: their plans have something to repair, or see their own work. Raised on the
    /// read loop, after <see cref="Current"/> has changed; a handler only takes note.
    /// </summary>
    public event Action<IReadOnlySet<OwnerKey>>? OwnedRowsChanged;

    /// <summary>
    /// Rows with names came, went or were renamed: what <see cref="Changes.MissingParents"/> waits for, and, with
    /// <see cref="RowRef.Named"/>, what <see cref="Changes.Conflicts"/> does. Raised as <see cref="OwnedRowsChanged"/> is.
    /// </summary>
    public event Action<IReadOnlySet<RowRef>>? TargetsChanged;

    /// <summary>Says that the connection came into sync (true) or was lost.</summary>
    public event Action<bool>? ConnectionChanged;

    /// <summary>Says that there is a new <see cref="Current"/>. Raised as <see cref="OwnedRowsChanged"/> is.</summary>
    internal event Action<NorthboundSnapshot>? Changed;

    public bool IsConnected => _client.IsConnected;

    /// <summary>The newest view; that of the last connection while there is none.</summary>
    /// <exception cref="InvalidOperationException">There never was a connection.</exception>
    public NorthboundSnapshot Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("Not connected yet");

    /// <summary>The row of NB_Global.</summary>
    public NorthboundGlobal Global { get; }

    /// <summary>
    /// Transactions with rows of these owners also advance <c>NB_Global.nb_cfg</c>, by which one sees how far the rows have come: see
    /// <see cref="NorthboundGlobal.Sequence"/>. Null for none: every chassis answers each advance with a write to the southbound database.
    /// </summary>
    public Predicate<OwnerKey>? AdvancesFor
    {
        get => _writer.AdvancesFor;
        set => _writer.AdvancesFor = value;
    }

    public WriterStatistics Statistics => _writer.Statistics;

    /// <summary>Connects in the background and returns when the replica is complete for the first time.</summary>
    /// <exception cref="OvsdbException">The endpoints or the TLS files can not work.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _client.StartAsync(cancellationToken);

    /// <summary>
    /// Returns when we own a lock of the server (RFC 7047 section 4.1.8). From then on every transaction asserts it, so that a writer that
    /// lost it, and does not know yet, can change nothing.
    /// </summary>
    public async Task<OvsdbLock> LockAsync(string name, CancellationToken cancellationToken)
    {
        var held = await _client.LockAsync(name, cancellationToken);
        await held.WaitOwnedAsync(cancellationToken);
        _writer.LockName = name;
        return held;
    }

    /// <summary>
    /// Commits what <see cref="RowDiff"/> found. Returns when the server has committed it and <see cref="Current"/> shows it. Shares a
    /// transaction with other plans that are ready at the same time; if one of them is refused the others are not. A large plan that only
    /// adds rows takes several transactions, of which some may be committed and others not.
    /// </summary>
    /// <param name="owner">Whose plan it is; at most one of an owner at a time.</param>
    /// <exception cref="OvsdbException">
    /// Nothing was written, or the connection was lost and it is not known. When <see cref="OvsdbException.IsTransient"/>, comparing
    /// anew with <see cref="Current"/> and committing that may succeed.
    /// </exception>
    public Task CommitAsync(OwnerKey owner, Changes changes, CancellationToken cancellationToken) =>
        _writer.CommitAsync(owner, changes.Operations, changes.Cuts, cancellationToken);

    /// <summary>Commits operations, in one transaction.</summary>
    /// <inheritdoc cref="CommitAsync(OwnerKey, Changes, CancellationToken)"/>
    public Task CommitAsync(OwnerKey owner, IReadOnlyList<Operation> operations, CancellationToken cancellationToken) =>
        _writer.CommitAsync(owner, operations, [], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        await _client.DisposeAsync();
    }

    private void OnChanged(ReplicaDelta delta)
    {
        var binding = _current?.Binding is { } bound && bound.Fits(delta.After)
            ? bound
            : SchemaBinding.Of(NorthboundTables.All, delta.After);
        var next = new NorthboundSnapshot(delta.After, binding);
        Volatile.Write(ref _current, next);
        Changed?.Invoke(next);
        if (OwnedRowsChanged is { } ownersChanged && NorthboundDelta.Owners(delta, binding) is { Count: > 0 } owners)
            ownersChanged(owners);
        if (TargetsChanged is { } targetsChanged && NorthboundDelta.Targets(delta, binding) is { Count: > 0 } targets)
            targetsChanged(targets);
    }
}
