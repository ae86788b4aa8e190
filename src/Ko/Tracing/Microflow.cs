using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.Api;

namespace Sluice.Ko.Tracing;

/// <summary>The first packet of a conversation that a pod begins, as ovn-trace(8) is asked about it.</summary>
/// <param name="Source">The pod's port and addresses.</param>
/// <param name="Destination">Where the packet goes.</param>
/// <param name="NextHop">MAC address of the neighbour that gets it: the destination itself, or the pod's gateway.</param>
/// <param name="Protocol">What it carries.</param>
public sealed record Microflow(Ip Source, IPAddress Destination, string NextHop, TraceProtocol Protocol)
{
    private const int SourcePort = 10000;

    /// <summary>The address of the pod that has the family of the destination.</summary>
    /// <exception cref="KoException">It has none.</exception>
    public string SourceAddress => (IsV6 ? Source.Spec.V6IpAddress : Source.Spec.V4IpAddress) is { Length: > 0 } address
        ? address
        : throw new KoException($"IP {Source.Metadata.Name} has no {(IsV6 ? "IPv6" : "IPv4")} address to reach {Destination} from");

    private bool IsV6 => Destination.AddressFamily == AddressFamily.InterNetworkV6;

    public override string ToString()
    {
        var ip = IsV6 ? "ip6" : "ip4";
        return $"inport == \"{Source.Metadata.Name}\" && eth.src == {Source.Spec.MacAddress} && eth.dst == {NextHop}"
            + $" && {ip}.src == {SourceAddress} && {ip}.dst == {Destination} && ip.ttl == 64 && {Payload}";
    }

    private string Payload => Protocol switch
    {
        { Name: "icmp" } => IsV6 ? "icmp6.type == 128 && icmp6.code == 0" : "icmp4.type == 8 && icmp4.code == 0",
        { Name: var name, Port: var port } => string.Create(CultureInfo.InvariantCulture, $"{name} && {name}.src == {SourcePort} && {name}.dst == {port}"),
    };
}

/// <param name="Name"><c>icmp</c>, <c>tcp</c> or <c>udp</c>.</param>
/// <param name="Port">The destination's port; of no meaning to icmp.</param>
public sealed record TraceProtocol(string Name, ushort Port = 0);
