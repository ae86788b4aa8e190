using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sluice.Ovsdb;

/// <summary>
/// A client of one database (RFC 7047, ovsdb-server(7)) that keeps a <see cref="Replica"/> and reconnects by itself. The replica shows
/// a transaction before <see cref="TransactAsync"/> returns: readers see what they have written.
/// </summary>
public sealed partial class OvsdbClient : IAsyncDisposable
{
    private readonly OvsdbOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ResumePoint _resume = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstSync = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private OvsdbLock[] _locks = [];
    private DatabaseSession? _session;
    private Task _running = Task.CompletedTask;

    public OvsdbClient(OvsdbOptions options, ILogger? logger = null, TimeProvider? time = null)
    {
        if (options.Endpoints.Count == 0)
            throw new ArgumentException("At least one endpoint is needed", nameof(options));
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Says that the connection came into sync (true) or was lost.</summary>
    public event Action<bool>? ConnectionChanged;

    public Replica Replica { get; } = new();

    /// <summary>The server's schema, whole; that of the last connection while there is none.</summary>
    /// <exception cref="InvalidOperationException">There never was a connection.</exception>
    public DatabaseSchema Schema
    {
        get => field ?? throw new InvalidOperationException("Not connected yet");
        private set;
    }

    /// <summary>Whether the replica follows the server now.</summary>
    public bool IsConnected => Volatile.Read(ref _session) is not null;

    /// <summary>Connects in the background and returns when the replica is complete for the first time.</summary>
    /// <exception cref="OvsdbException">The endpoints or the TLS files can not work, however often they are tried.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = RunAsync();
        return _firstSync.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Commits operations atomically and returns what each of them did.</summary>
    /// <exception cref="OvsdbException">
    /// The server refused, then nothing was done; or there is no connection; or it was lost on the way
    /// (<see cref="OvsdbException.IsOutcomeUnknown"/>).
    /// </exception>
    public async Task<IReadOnlyList<OperationResult>> TransactAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken)
    {
        var session = Volatile.Read(ref _session) ?? throw OvsdbException.Disconnected();
        var transaction = session.TransactAsync(operations, cancellationToken);
        try
        {
            return await transaction.WaitAsync(_options.TransactTimeout, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await session.DisposeAsync();
            return await transaction;
        }
    }

    /// <summary>Asks for a lock, now and after every reconnect, until it is released.</summary>
    public async Task<OvsdbLock> LockAsync(string name, CancellationToken cancellationToken)
    {
        var wanted = new OvsdbLock(name);
        DatabaseSession? session;
        lock (_gate)
        {
            _locks = [.. _locks, wanted];
            session = _session;
        }

        if (session is not null)
            await session.RequestAsync(wanted, cancellationToken);
        return wanted;
    }

    /// <summary>Gives a lock back, so that the next client that waits gets it.</summary>
    public async Task ReleaseAsync(OvsdbLock held, CancellationToken cancellationToken)
    {
        DatabaseSession? session;
        lock (_gate)
        {
            _locks = [.. _locks.Where(other => other != held)];
            session = _session;
        }

        if (session is not null)
            await session.ReleaseAsync(held, cancellationToken);
        held.Set(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var backoff = _options.MinBackoff;
        for (var attempt = 0; !_stop.IsCancellationRequested; attempt++)
        {
            var endpoint = _options.Endpoints[attempt % _options.Endpoints.Count];
            try
            {
                if (await ServeAsync(endpoint))
                    backoff = _options.MinBackoff;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                break;
            }
            catch (OvsdbException e) when (!e.IsTransient && !_firstSync.Task.IsCompleted)
            {
                _firstSync.TrySetException(e);
                return;
            }
            catch (Exception e) when (e is OvsdbException or SocketException or IOException or AuthenticationException or OperationCanceledException)
            {
                LogAttemptFailed(endpoint, e.Message);
            }
            catch (Exception e)
            {
                // Not even a mistake of ours ends the client: it tries again, and says what it was.
                LogUnexpected(endpoint, e);
            }

            // Every endpoint gets its try before we rest.
            if ((attempt + 1) % _options.Endpoints.Count == 0 || backoff == _options.MinBackoff)
            {
                await Task.Delay(backoff, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                backoff = backoff * 2 < _options.MaxBackoff ? backoff * 2 : _options.MaxBackoff;
            }
        }

        _firstSync.TrySetCanceled(_stop.Token);
    }

    /// <summary>One connection from its beginning to its end. Returns true if it came into sync, and throws if it did not.</summary>
    private async Task<bool> ServeAsync(Endpoint endpoint)
    {
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var connecting = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        var stream = await Transport.ConnectAsync(endpoint, _options.Tls, connecting.Token);
        await using var session = new DatabaseSession(stream, _options, Replica, _resume, () => Volatile.Read(ref _locks));
        var reading = session.RunAsync(_time, _stop.Token);
        try
        {
            var initializing = session.InitializeAsync(connecting.Token, _stop.Token);
            if (await Task.WhenAny(initializing, reading) == reading)
                await reading;
            await initializing;
        }
        catch
        {
            await session.DisposeAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        Schema = session.Schema;
        lock (_gate)
            _session = session;
        LogConnected(endpoint, _options.Database);
        _firstSync.TrySetResult();
        ConnectionChanged?.Invoke(true);
        try
        {
            await reading;
        }
        catch (OvsdbException e) when (!_stop.IsCancellationRequested)
        {
            LogDisconnected(endpoint, e.Message);
        }
        catch (OvsdbException)
        {
            // We are leaving.
        }
        finally
        {
            lock (_gate)
                _session = null;
            foreach (var held in Volatile.Read(ref _locks))
                held.Set(false);
            ConnectionChanged?.Invoke(false);
        }

        return true;
    }

    [LoggerMessage(4, LogLevel.Error, "Unexpected failure with {Endpoint}")]
    private partial void LogUnexpected(Endpoint endpoint, Exception failure);

    [LoggerMessage(1, LogLevel.Information, "Connected to {Endpoint}, {Database} is in sync")]
    private partial void LogConnected(Endpoint endpoint, string database);

    [LoggerMessage(2, LogLevel.Warning, "Lost the connection to {Endpoint}: {Reason}")]
    private partial void LogDisconnected(Endpoint endpoint, string reason);

    [LoggerMessage(3, LogLevel.Warning, "No connection to {Endpoint}: {Reason}")]
    private partial void LogAttemptFailed(Endpoint endpoint, string reason);
}
