using System.Globalization;
using System.Net;
using Sluice.Ko.Cli;
using Sluice.Kube;

namespace Sluice.Ko.Tracing;

/// <summary>What <c>kubectl ko trace</c> was asked.</summary>
/// <param name="Mac">MAC address of the next hop; null to find it out.</param>
public sealed record TraceRequest(ObjectKey Pod, IPAddress Destination, string? Mac, TraceProtocol Protocol)
{
    public const string Usage = "usage: kubectl ko trace [NAMESPACE/]POD ADDRESS [MAC] icmp|tcp PORT|udp PORT";

    /// <exception cref="KoException">The words make no sense.</exception>
    public static TraceRequest Parse(string[] words)
    {
        if (words is not [var pod, var destination, .. var rest] || !IPAddress.TryParse(destination, out var address))
            throw new KoException(Usage);
        var mac = rest is [var first, ..] && first.Contains(':', StringComparison.Ordinal) ? first : null;
        TraceProtocol protocol = (mac is null ? rest : rest[1..]) switch
        {
            ["icmp"] => new("icmp"),
            [("tcp" or "udp") and var name, var text] when ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
                => new(name, port),
            _ => throw new KoException(Usage),
        };
        return new(PassThrough.Pod(pod), address, mac, protocol);
    }
}
