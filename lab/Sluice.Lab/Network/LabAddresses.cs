using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Lab.Network;

/// <summary>An interface address with the length of its network's prefix.</summary>
public readonly record struct InterfaceAddress(IPAddress Address, int PrefixLength)
{
    public static InterfaceAddress Parse(string text)
    {
        var network = text.Split('/');
        return network.Length == 2 && IPAddress.TryParse(network[0], out var address) && int.TryParse(network[1], out var length)
            ? new(address, length)
            : throw new FormatException($"'{text}' is not ADDRESS/LENGTH");
    }

    public override string ToString() => $"{Address}/{PrefixLength}";
}

/// <summary>The address plan; every lab has the same one, because each lives in namespaces of its own.</summary>
public static class LabAddresses
{
    private const int UnderlayLength = 24;
    private const int UnderlayLengthV6 = 64;

    /// <summary>The router of the underlay, which is also that of the external networks.</summary>
    public static readonly InterfaceAddress[] UnderlayGateway = Underlay(254);

    public static readonly InterfaceAddress[] Central = Underlay(10);

    /// <summary>The external network of the walkthrough, on this VLAN.</summary>
    public const int ExternalVlan = 204;

    public static readonly InterfaceAddress[] ExternalGateway = [InterfaceAddress.Parse("10.5.204.254/24"), InterfaceAddress.Parse("fd00:5:204::fe/64")];

    public static readonly InterfaceAddress[] InternetGateway = [InterfaceAddress.Parse("223.5.5.1/24"), InterfaceAddress.Parse("2400:3200::fe/64")];

    public static readonly InterfaceAddress[] InternetHost = [InterfaceAddress.Parse("223.5.5.5/24"), InterfaceAddress.Parse("2400:3200::1/64")];

    /// <summary>Member 1.. of the OVN databases' cluster.</summary>
    public static InterfaceAddress[] CentralMember(int index) => Underlay(10 + index);

    public static InterfaceAddress[] Node(int index) => Underlay(50 + index);

    /// <summary>
    /// The two ends of the link between this machine and a lab's central place: 169.254.0.0/17 in pieces of four
    /// addresses, picked by the lab's name so that labs beside each other differ.
    /// </summary>
    public static (InterfaceAddress Host, InterfaceAddress Central) HostLink(string lab)
    {
        var piece = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes(lab))) % (1u << 13);
        return (In(piece * 4 + 1), In(piece * 4 + 2));

        static InterfaceAddress In(uint offset) => new(new IPAddress([169, 254, (byte)(offset >> 8), (byte)offset]), 30);
    }

    private static InterfaceAddress[] Underlay(int host) =>
    [
        new(IPAddress.Parse($"10.5.32.{host}"), UnderlayLength),
        new(IPAddress.Parse($"fd00:5:32::{host:x}"), UnderlayLengthV6),
    ];
}
