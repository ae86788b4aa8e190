using Sluice.Plan.Addressing;

namespace Sluice.Agent.Packets;

/// <summary>What an interface asks and tells its neighbours about addresses, in both families.</summary>
/// <param name="mac">Of the interface.</param>
internal sealed class Neighbors(PacketSocket socket, MacAddress mac, TimeProvider time)
{
    /// <summary>RFC 5227 names whole seconds; inside a switch of our own an answer takes well under a millisecond.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(100);

    private const int Probes = 3;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    /// <summary>The frames that this takes part in.</summary>
    public static ushort EtherType(IpFamily family) => family == IpFamily.V4 ? ArpPacket.EtherType : NeighborPacket.EtherType;

    /// <summary>Tells everybody that <paramref name="address"/> is here now.</summary>
    public Task AnnounceAsync(IpAddress address, CancellationToken ct) => socket.SendAsync(
        address.Family == IpFamily.V4 ? ArpPacket.Announcement(mac, address).ToFrame() : NeighborPacket.Announcement(mac, address),
        ct);

    /// <summary>Returns once <paramref name="target"/> has answered; asks again, at growing intervals, until then.</summary>
    /// <param name="address">Of the interface.</param>
    public async Task WaitForAsync(IpAddress address, IpAddress target, CancellationToken ct)
    {
        var request = target.Family == IpFamily.V4
            ? ArpPacket.Request(mac, address, target).ToFrame()
            : NeighborPacket.Solicitation(mac, address, target);
        for (var interval = FirstRetry; ; interval = TimeSpan.FromTicks(Math.Min(interval.Ticks * 2, LastRetry.Ticks)))
        {
            await socket.SendAsync(request, ct);
            if (await AnswerAsync(frame => IsAnswerFrom(frame, target), interval, ct) is not null)
                return;
        }
    }

    /// <summary>Asks whether somebody has the IPv4 address already (RFC 5227 2.1).</summary>
    /// <returns>Who has it, or null.</returns>
    public async Task<MacAddress?> FindOwnerAsync(IpAddress address, CancellationToken ct)
    {
        var probe = ArpPacket.Probe(mac, address).ToFrame();
        for (var i = 0; i < Probes; i++)
        {
            await socket.SendAsync(probe, ct);
            var answer = await AnswerAsync(
                frame => ArpPacket.Parse(frame.Span) is { } packet && packet.SenderMac != mac && packet.SenderIp == address,
                ProbeInterval,
                ct);
            if (answer is { } frame)
                return ArpPacket.Parse(frame.Span)!.Value.SenderMac;
        }
        return null;
    }

    private static bool IsAnswerFrom(ReadOnlyMemory<byte> frame, IpAddress target) => target.Family == IpFamily.V4
        ? ArpPacket.Parse(frame.Span) is { IsReply: true } packet && packet.SenderIp == target
        : NeighborPacket.AdvertisedTarget(frame.Span) == target;

    /// <summary>The first frame that is the answer; null when none came in time.</summary>
    private async Task<ReadOnlyMemory<byte>?> AnswerAsync(Func<ReadOnlyMemory<byte>, bool> isAnswer, TimeSpan timeout, CancellationToken ct)
    {
        var buffer = new byte[256];
        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            while (true)
            {
                var frame = await socket.ReceiveAsync(buffer, either.Token);
                if (isAnswer(frame))
                    return frame;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }
}
