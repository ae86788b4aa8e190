using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Sluice.Agent.Netlink;

/// <summary>Listens for changes of links and addresses in the namespace of the thread that starts it.</summary>
internal sealed partial class LinkMonitor : IAsyncDisposable
{
    // RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR
    private const uint Groups = 0x1 | 0x10 | 0x100;

    private readonly Socket _socket;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    private LinkMonitor(Socket socket, ILogger logger)
    {
        _socket = socket;
        _logger = logger;
    }

    /// <summary>Runs on the monitor's loop: handlers only enqueue.</summary>
    public event Action<LinkEvent>? Changed;

    /// <summary>Events were lost. Raised as <see cref="Changed"/> is.</summary>
    public event Action? Overrun;

    /// <exception cref="NetlinkException">The kernel refused the socket.</exception>
    public static LinkMonitor Open(ILogger logger) => new(NetlinkSocket.OpenEvents(Groups), logger);

    /// <summary>Call once handlers are attached.</summary>
    public void Start() => _loop = RunAsync(_stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken ct)
    {
        var buffer = new byte[32 * 1024];
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var length = await _socket.ReceiveAsync(buffer, SocketFlags.None, ct);
                Raise(buffer.AsSpan(0, length));
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException e)
            {
                // ENOBUFS, nearly always: more happened than we could read.
                LogOverrun(_logger, e.Message);
                Overrun?.Invoke();
                Changed?.Invoke(new LinkEvent(0, ""));
            }
        }
    }

    private void Raise(ReadOnlySpan<byte> datagram)
    {
        while (NetlinkSocket.Next(ref datagram, out var type, out _, out _, out var payload))
        {
            switch (type)
            {
                case Rtm.NewLink or Rtm.DelLink:
                    var link = LinkEntry.Parse(payload);
                    Changed?.Invoke(new LinkEvent(link.Index, link.Name));
                    break;
                case Rtm.NewAddress or Rtm.DelAddress:
                    Changed?.Invoke(new LinkEvent(MemoryMarshal.Read<AddressHeader>(payload).Index, ""));
                    break;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Lost events about links, looking at all of them: {Cause}")]
    private static partial void LogOverrun(ILogger logger, string cause);
}
