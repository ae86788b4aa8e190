using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Agent.Netlink;

/// <summary>Calls of the C library that .NET does not offer.</summary>
internal static partial class NativeMethods
{
    public const int AfUnspec = 0;
    public const int AfInet = 2;
    public const int AfInet6 = 10;
    public const int AfNetlink = 16;
    public const int AfPacket = 17;
    public const int SockDgram = 2;
    public const int SockRaw = 3;
    public const int SockCloexec = 0x80000;
    public const int SolNetlink = 270;
    public const int CloneNewnet = 0x40000000;

    /// <summary>socket(2)</summary>
    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    /// <summary>bind(2)</summary>
    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeHandle socket, ReadOnlySpan<byte> address, int length);

    /// <summary>setsockopt(2)</summary>
    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(SafeHandle socket, int level, int option, in int value, int length);

    /// <summary>setns(2)</summary>
    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    public static partial int SetNamespace(SafeFileHandle file, int type);

    /// <summary>ioctl(2)</summary>
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static unsafe partial int Ioctl(SafeHandle socket, nuint request, void* argument);

    /// <summary>chmod(2)</summary>
    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    /// <summary>umask(2)</summary>
    [LibraryImport("libc", EntryPoint = "umask")]
    public static partial uint SetFileCreationMask(uint mask);
}
