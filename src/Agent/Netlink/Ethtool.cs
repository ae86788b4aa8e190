using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Agent.Netlink;

/// <summary>Offload settings of interfaces (SIOCETHTOOL, netdevice(7)).</summary>
internal static class Ethtool
{
    private const nuint SiocEthtool = 0x8946;
    private const uint SetTransmitChecksum = 0x17;
    private const int NameSize = 16;

    /// <summary>
    /// Makes the kernel compute checksums itself, as <c>ethtool -K DEV tx off</c> does. A userspace switch takes packets off
    /// the other end of a veth as they are, and without this they carry unfinished TCP and UDP checksums.
    /// </summary>
    /// <param name="link">An interface of the namespace that the calling thread is in.</param>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static unsafe void DisableTransmitChecksum(string link)
    {
        var descriptor = NativeMethods.Socket(NativeMethods.AfInet, NativeMethods.SockDgram | NativeMethods.SockCloexec, 0);
        if (descriptor < 0)
            throw new NetlinkException("open a socket", Marshal.GetLastPInvokeError());
        using var socket = new SafeFileHandle(descriptor, ownsHandle: true);

        // struct ethtool_value { cmd, data }; struct ifreq { name[16], pointer, ... } of 40 bytes.
        var value = stackalloc uint[2] { SetTransmitChecksum, 0 };
        var request = stackalloc byte[40];
        new Span<byte>(request, 40).Clear();
        Encoding.ASCII.GetBytes(link.AsSpan(0, Math.Min(link.Length, NameSize - 1)), new Span<byte>(request, NameSize - 1));
        *(nint*)(request + NameSize) = (nint)value;
        if (NativeMethods.Ioctl(socket, SiocEthtool, request) != 0)
            throw new NetlinkException($"turn transmit checksums of {link} off", Marshal.GetLastPInvokeError());
    }
}
