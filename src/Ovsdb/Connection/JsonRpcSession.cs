using System.Buffers;
using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>
/// One JSON-RPC conversation over one stream (RFC 7047 section 4). A single loop reads: notifications are applied and replies
/// completed in exactly the order in which the server sent them.
/// </summary>
internal sealed class JsonRpcSession : IAsyncDisposable
{
    /// <summary>The longest message that is read, in bytes: more than the largest database that a server sends at once.</summary>
    private const int MaxMessage = 1 << 30;

    private readonly Stream _stream;
    private readonly NotificationHandler _onNotification;
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly Lock _gate = new();
    private readonly Dictionary<long, PendingCall> _pending = [];
    private long _nextId;
    private Exception? _ended;
    private bool _heard;

    // Numbers writes: odd while one is under way.
    private long _writes;

    public JsonRpcSession(Stream stream, NotificationHandler onNotification)
    {
        _stream = stream;
        _onNotification = onNotification;
    }

    /// <summary>Handles a notification on the read loop. <paramref name="parameters"/> stands at the value of <c>params</c>.</summary>
    internal delegate void NotificationHandler(string method, ref Utf8JsonReader parameters);

    /// <summary>Reads until the connection ends, which it always does with an exception.</summary>
    /// <exception cref="OvsdbException">The connection was lost or the server violated the protocol.</exception>
    public async Task RunAsync(TimeSpan inactivityProbe, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A write to a peer that does not read ends with the stream, and not before; the read loop may wait for one, too.
        await using var closing = stop.Token.Register(_stream.Dispose);
        var probing = ProbeAsync(inactivityProbe, time, stop.Token);
        Exception failure;
        try
        {
            await ReadAsync(stop.Token);
            failure = OvsdbException.Disconnected();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            failure = OvsdbException.Disconnected(e);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            // The last is what Utf8JsonReader says to bytes that are no UTF-8, and to a value of another kind.
            failure = OvsdbException.Protocol(e.Message, e);
        }
        catch (OvsdbException e)
        {
            failure = e;
        }
        catch (Exception e)
        {
            // What a server sends must not end the client for good, whatever it makes our code do.
            failure = OvsdbException.Protocol($"{e.GetType().Name}: {e.Message}", e);
        }

        await stop.CancelAsync();
        await probing;
        End(failure);
        throw failure;
    }

    /// <summary>Sends a request. Its reply is decoded by <paramref name="read"/> on the read loop.</summary>
    public async Task<T> CallAsync<T>(
        string method, Action<Utf8JsonWriter> writeParams, JsonReaderFunc<T> read, CancellationToken cancellationToken)
    {
        var call = new PendingCall<T>(read);
        long id;
        lock (_gate)
        {
            if (_ended is not null)
                throw OvsdbException.Disconnected(_ended);
            id = ++_nextId;
            _pending.Add(id, call);
        }

        try
        {
            await SendAsync(method, id, writeParams, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            lock (_gate)
                _pending.Remove(id);
            throw OvsdbException.Disconnected(e);
        }

        return await call.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        End(OvsdbException.Disconnected());
    }

    private async Task SendAsync(string method, long id, Action<Utf8JsonWriter> writeParams, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        await using (var json = new Utf8JsonWriter(buffer, OvsdbJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteNumber("id"u8, id);
            json.WriteString("method"u8, method);
            json.WritePropertyName("params"u8);
            writeParams(json);
            json.WriteEndObject();
        }

        await SendAsync(buffer.WrittenMemory, cancellationToken);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            // Half a message would garble the stream for good, so once begun it is not cancelled.
            Interlocked.Increment(ref _writes);
            await _stream.WriteAsync(message, CancellationToken.None);
        }
        finally
        {
            Interlocked.Increment(ref _writes);
            _sending.Release();
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        var framer = default(MessageFramer);
        var (start, scanned, end) = (0, 0, 0);
        while (true)
        {
            if (end == buffer.Length)
                (buffer, start, scanned, end) = MakeRoom(buffer, start, scanned, end);
            var count = await _stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
            if (count == 0)
                return;
            _heard = true;
            end += count;
            while (scanned < end)
            {
                var length = framer.Scan(buffer.AsSpan(scanned, end - scanned));
                if (length < 0)
                {
                    scanned = end;
                    break;
                }

                scanned += length;
                await DispatchAsync(buffer.AsMemory(start, scanned - start));
                start = scanned;
            }

            if (start == end)
                (start, scanned, end) = (0, 0, 0);
        }
    }

    private static (byte[] Buffer, int Start, int Scanned, int End) MakeRoom(byte[] buffer, int start, int scanned, int end)
    {
        if (end - start >= MaxMessage)
            throw new OvsdbException($"The server sent a message of more than {MaxMessage} bytes", isTransient: true);
        var roomy = start > buffer.Length / 2 ? buffer : new byte[buffer.Length * 2];
        buffer.AsSpan(start, end - start).CopyTo(roomy);
        return (roomy, 0, scanned - start, end - start);
    }

    private ValueTask DispatchAsync(ReadOnlyMemory<byte> message)
    {
        var envelope = Envelope.Read(message.Span);
        if (envelope.Method is null)
        {
            Complete(message.Span, envelope);
            return ValueTask.CompletedTask;
        }

        if (envelope.Method == "echo")
            return new ValueTask(EchoAsync(message[envelope.Params], message[envelope.RawId]));

        var parameters = Envelope.At(message.Span[envelope.Params]);
        _onNotification(envelope.Method, ref parameters);
        return ValueTask.CompletedTask;
    }

    private void Complete(ReadOnlySpan<byte> message, Envelope envelope)
    {
        PendingCall? call;
        lock (_gate)
            _pending.Remove(envelope.Id ?? 0, out call);

        // Replies to probes, and to calls whose sender gave up, are of no interest.
        if (call is null)
            return;
        try
        {
            if (envelope.HasError)
            {
                call.Fail(OvsdbException.Refused(OvsdbJson.Text(message[envelope.Error], "error"), OvsdbJson.Text(message[envelope.Error], "details"), null));
                return;
            }

            var result = Envelope.At(message[envelope.Result]);
            call.Succeed(ref result);
        }
        catch (Exception e)
        {
            call.Fail(e is OvsdbException ? e : OvsdbException.Protocol(e.Message, e));
            throw;
        }
    }

    private async Task EchoAsync(ReadOnlyMemory<byte> parameters, ReadOnlyMemory<byte> id)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        await using (var json = new Utf8JsonWriter(buffer, OvsdbJson.WriterOptions))
        {
            json.WriteStartObject();
            json.WritePropertyName("id"u8);
            json.WriteRawValue(id.IsEmpty ? "null"u8 : id.Span);
            json.WriteNull("error"u8);
            json.WritePropertyName("result"u8);
            json.WriteRawValue(parameters.IsEmpty ? "[]"u8 : parameters.Span);
            json.WriteEndObject();
        }

        await SendAsync(buffer.WrittenMemory, CancellationToken.None);
    }

    /// <summary>
    /// Asks a silent server for a sign of life, and gives the connection up when none comes (RFC 7047 section 4.1.11), or when it does not
    /// take what we write. Waits for no write: closing the stream is what ends one that is stuck.
    /// </summary>
    private async Task ProbeAsync(TimeSpan interval, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(interval, time);
            var asked = false;
            var stuck = 0L;
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var write = Interlocked.Read(ref _writes);
                if (write % 2 == 1 && write == stuck)
                {
                    await _stream.DisposeAsync();
                    return;
                }

                stuck = write;
                if (_heard)
                {
                    _heard = asked = false;
                }
                else if (asked)
                {
                    await _stream.DisposeAsync();
                    return;
                }
                else
                {
                    asked = true;
                    _ = AskAsync(cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The read loop has ended.
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync("echo", 0, static json =>
            {
                json.WriteStartArray();
                json.WriteEndArray();
            }, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The read loop ends for the same reason, and reports it.
        }
    }

    private void End(Exception reason)
    {
        PendingCall[] orphans;
        lock (_gate)
        {
            if (_ended is not null)
                return;
            _ended = reason;
            orphans = [.. _pending.Values];
            _pending.Clear();
        }

        foreach (var call in orphans)
            call.Fail(new OvsdbException("The connection was lost before the reply came", isTransient: true, reason) { IsOutcomeUnknown = true });
    }
}
