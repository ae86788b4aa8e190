using System.Runtime.InteropServices;

namespace Sluice.Agent.Netlink;

/// <summary>struct ifinfomsg, the header of a message about a link (rtnetlink(7)).</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct LinkHeader
{
    public byte Family;
    public byte Padding;
    public ushort Type;
    public int Index;
    public uint Flags;
    public uint Change;
}

/// <summary>struct ifaddrmsg, the header of a message about an address of a link.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct AddressHeader
{
    public byte Family;
    public byte PrefixLength;
    public byte Flags;
    public byte Scope;
    public int Index;
}

/// <summary>struct rtmsg, the header of a message about a route.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct RouteHeader
{
    public byte Family;
    public byte DestinationLength;
    public byte SourceLength;
    public byte TypeOfService;
    public byte Table;
    public byte Protocol;
    public byte Scope;
    public byte Type;
    public uint Flags;
}
