using System.Net;
using System.Net.Sockets;
using Sluice.Lab.Demo;
using Sluice.Lab.Network;

namespace Sluice.Lab.Tests.Traffic;

/// <summary>A UDP request to a <see cref="Responder"/> every 10 ms, all of one flow, for as long as it is not stopped.</summary>
internal sealed class DatagramStream : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    // Answers that take longer count as lost.
    private static readonly TimeSpan LastAnswers = TimeSpan.FromMilliseconds(500);

    private readonly Socket _socket;
    private readonly CancellationTokenSource _noMoreRequests = new();
    private readonly CancellationTokenSource _noMoreAnswers = new();
    private readonly Task _sending;
    private readonly Task _receiving;
    private int _sent;
    private int _answered;

    private DatagramStream(Socket socket)
    {
        _socket = socket;
        _sending = SendAsync();
        _receiving = ReceiveAsync();
    }

    public static async Task<DatagramStream> StartAsync(LabCluster lab, string from, IPAddress address, int port)
    {
        var socket = await NamespaceSocket.CreateAsync(lab.NamespaceOf(from), address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(new IPEndPoint(address, port));
        return new DatagramStream(socket);
    }

    /// <summary>Returns once <paramref name="count"/> more answers have come.</summary>
    public Task AnswersAsync(int count)
    {
        var goal = Volatile.Read(ref _answered) + count;
        return Eventually.HoldsAsync(() => Task.FromResult(Volatile.Read(ref _answered) >= goal), () => $"{_answered} answers of {_sent}");
    }

    public async Task<Loss> StopAsync()
    {
        await _noMoreRequests.CancelAsync();
        await _sending;
        _noMoreAnswers.CancelAfter(LastAnswers);
        await _receiving;
        return new Loss(_sent, _sent - _answered);
    }

    public async ValueTask DisposeAsync()
    {
        await _noMoreRequests.CancelAsync();
        await _noMoreAnswers.CancelAsync();
        await Task.WhenAll(_sending, _receiving);
        _socket.Dispose();
        _noMoreRequests.Dispose();
        _noMoreAnswers.Dispose();
    }

    private async Task SendAsync()
    {
        using var timer = new PeriodicTimer(Interval);
        await UntilAsync(async stop =>
        {
            await timer.WaitForNextTickAsync(stop);
            await _socket.SendAsync("?"u8.ToArray(), stop);
            _sent++;
        }, _noMoreRequests.Token);
    }

    private Task ReceiveAsync()
    {
        var buffer = new byte[256];
        return UntilAsync(async stop =>
        {
            await _socket.ReceiveAsync(buffer, stop);
            Interlocked.Increment(ref _answered);
        }, _noMoreAnswers.Token);
    }

    private static async Task UntilAsync(Func<CancellationToken, Task> act, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await act(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // Unreachable for now: a packet that is lost.
            }
        }
    }
}
