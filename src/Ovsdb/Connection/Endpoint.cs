using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Ovsdb;

/// <summary>How a server is reached (ovsdb(7), "Connection Methods").</summary>
public enum EndpointScheme
{
    Unix,
    Tcp,
    Ssl,
}

/// <summary>Where a database server listens: <c>unix:PATH</c>, <c>tcp:HOST:PORT</c> or <c>ssl:HOST:PORT</c>; IPv6 hosts stand in brackets.</summary>
/// <param name="Address">The path of a unix socket, or a host.</param>
/// <param name="Port">0 for a unix socket.</param>
public sealed record Endpoint(EndpointScheme Scheme, string Address, int Port = 0)
{
    private const int DefaultPort = 6640;

    /// <exception cref="FormatException">The text is no endpoint; the message says why.</exception>
    public static Endpoint Parse(string text)
    {
        var (scheme, rest) = text.Split(':', 2) switch
        {
            ["unix", var path] when path.Length > 0 => (EndpointScheme.Unix, path),
            ["tcp", var host] when host.Length > 0 => (EndpointScheme.Tcp, host),
            ["ssl", var host] when host.Length > 0 => (EndpointScheme.Ssl, host),
            _ => throw new FormatException($"\"{text}\" is not unix:PATH, tcp:HOST:PORT or ssl:HOST:PORT"),
        };
        if (scheme == EndpointScheme.Unix)
            return new(scheme, rest);

        var colon = rest.LastIndexOf(':');
        var hasPort = colon > rest.LastIndexOf(']');
        var port = DefaultPort;
        if (hasPort && !(int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535))
            throw new FormatException($"\"{text}\": {rest[(colon + 1)..]} is not a port");

        var address = (hasPort ? rest[..colon] : rest).Trim('[', ']');
        return address.Length > 0 ? new(scheme, address, port) : throw new FormatException($"\"{text}\" names no host");
    }

    /// <summary>Parses a comma separated list, as clustered databases are given.</summary>
    /// <exception cref="FormatException">A member is no endpoint.</exception>
    public static IReadOnlyList<Endpoint> ParseList(string text) =>
        [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public override string ToString() => Scheme switch
    {
        EndpointScheme.Unix => $"unix:{Address}",
        EndpointScheme.Tcp => $"tcp:{Host}:{Port}",
        _ => $"ssl:{Host}:{Port}",
    };

    internal EndPoint ToSocketAddress() => Scheme == EndpointScheme.Unix ? new UnixDomainSocketEndPoint(Address) : new DnsEndPoint(Address, Port);

    private string Host => Address.Contains(':', StringComparison.Ordinal) ? $"[{Address}]" : Address;
}
