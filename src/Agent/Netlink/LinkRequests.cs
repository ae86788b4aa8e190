using Microsoft.Win32.SafeHandles;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>Requests about links.</summary>
internal static class LinkRequests
{
    /// <summary>
    /// Creates a veth pair with one end here and the other, already named and addressed, in another namespace. Both are down.
    /// </summary>
    /// <param name="peerNamespace">See <see cref="NetworkNamespace.Open"/>.</param>
    public static NetlinkBatch CreateVeth(
        this NetlinkBatch batch, string name, int mtu, SafeFileHandle peerNamespace, string peerName, MacAddress peerMac) =>
        batch.Begin(Rtm.NewLink, Rtm.Flag.Create | Rtm.Flag.Exclusive, new LinkHeader(), $"create {name} and {peerName}")
            .Attribute(Rtm.Link.Name, name)
            .Attribute(Rtm.Link.Mtu, mtu)
            .Attribute(Rtm.Link.TxQueueLength, 1000)
            .Nest(Rtm.Link.Info, info => info
                .Attribute(Rtm.Link.InfoKind, "veth")
                .Nest(Rtm.Link.InfoData, data => data
                    .Nest(Rtm.Link.VethPeer, peer => peer
                        .Structure(new LinkHeader())
                        .Attribute(Rtm.Link.Name, peerName)
                        .Attribute(Rtm.Link.Mtu, mtu)
                        .Attribute(Rtm.Link.Address, peerMac.ToBytes())
                        .Attribute(Rtm.Link.NamespaceDescriptor, (int)peerNamespace.DangerousGetHandle()))));

    /// <summary>Deletes a link, and with it the other end if it is a veth.</summary>
    public static NetlinkBatch DeleteLink(this NetlinkBatch batch, string name) =>
        batch.Begin(Rtm.DelLink, 0, new LinkHeader(), $"delete {name}").Attribute(Rtm.Link.Name, name);

    public static NetlinkBatch SetUp(this NetlinkBatch batch, int index, bool up = true) =>
        batch.Begin(
            Rtm.SetLink,
            0,
            new LinkHeader { Index = index, Flags = up ? Rtm.LinkFlag.Up : 0, Change = Rtm.LinkFlag.Up },
            $"set link {index} {(up ? "up" : "down")}");

    /// <summary>
    /// Sets the host's end of a pair up for a switch alone: the host's own stack answers no ARP on it and gives it no address.
    /// A userspace switch gets copies of the frames, so the host's stack sees them too.
    /// </summary>
    public static NetlinkBatch SetUpForSwitch(this NetlinkBatch batch, string name, string alias) =>
        batch.Begin(Rtm.SetLink, 0, new LinkHeader(), $"set the alias of {name}")
            .Attribute(Rtm.Link.Name, name)
            .Attribute(Rtm.Link.Alias, alias)
            .Nest(Rtm.Link.FamilySettings, families => families
                .Nest(NativeMethods.AfInet6, family => family.Attribute(Rtm.Link.AddressGeneration, [Rtm.Link.NoAddressGeneration])))
            .Begin(
                Rtm.SetLink,
                0,
                new LinkHeader { Flags = Rtm.LinkFlag.Up | Rtm.LinkFlag.NoArp, Change = Rtm.LinkFlag.Up | Rtm.LinkFlag.NoArp },
                $"set {name} up")
            .Attribute(Rtm.Link.Name, name);

    /// <summary>Marks a link; see <see cref="LinkEntry.Alias"/>.</summary>
    public static NetlinkBatch SetAlias(this NetlinkBatch batch, string name, string alias) =>
        batch.Begin(Rtm.SetLink, 0, new LinkHeader(), $"set the alias of {name}")
            .Attribute(Rtm.Link.Name, name)
            .Attribute(Rtm.Link.Alias, alias);

    public static NetlinkBatch SetMac(this NetlinkBatch batch, int index, MacAddress mac) =>
        batch.Begin(Rtm.SetLink, 0, new LinkHeader { Index = index }, $"set the address of link {index} to {mac}")
            .Attribute(Rtm.Link.Address, mac.ToBytes());

    public static NetlinkBatch SetMtu(this NetlinkBatch batch, int index, int mtu) =>
        batch.Begin(Rtm.SetLink, 0, new LinkHeader { Index = index }, $"set the MTU of link {index} to {mtu}")
            .Attribute(Rtm.Link.Mtu, mtu);

    /// <summary>Moves a link into another namespace, where it arrives down and without addresses.</summary>
    /// <param name="target">See <see cref="NetworkNamespace.Open"/>.</param>
    public static NetlinkBatch Move(this NetlinkBatch batch, int index, SafeFileHandle target) =>
        batch.Begin(Rtm.SetLink, 0, new LinkHeader { Index = index }, $"move link {index} into another namespace")
            .Attribute(Rtm.Link.NamespaceDescriptor, (int)target.DangerousGetHandle());

    public static NetlinkBatch Rename(this NetlinkBatch batch, int index, string name) =>
        batch.Begin(Rtm.SetLink, 0, new LinkHeader { Index = index }, $"rename link {index} to {name}")
            .Attribute(Rtm.Link.Name, name);
}
