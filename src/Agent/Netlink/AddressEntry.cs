using System.Runtime.InteropServices;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>
/// An address of an interface. The message it was read from is kept, so that the address can be put on another interface
/// with everything the kernel knows about it: peer, broadcast address, label, scope, lifetimes, metric.
/// </summary>
internal sealed class AddressEntry
{
    /// <summary>What the kernel reports about an address but does not take as an order.</summary>
    private const uint Observed = Rtm.AddressFlag.Secondary | Rtm.AddressFlag.DuplicateDetected | Rtm.AddressFlag.Deprecated
        | Rtm.AddressFlag.Tentative | Rtm.AddressFlag.Permanent;

    private readonly byte[] _payload;

    private AddressEntry(byte[] payload) => _payload = payload;

    public int Index { get; private init; }

    public IpAddress Address { get; private set; }

    public int PrefixLength { get; private init; }

    public byte Scope { get; private init; }

    /// <summary>IFA_F_*</summary>
    public uint Flags { get; private set; }

    /// <summary>IPv4 only: the interface's name, or an old-style alias such as <c>eth0:1</c>.</summary>
    public string Label { get; private set; } = "";

    /// <summary>What tells addresses of one interface apart.</summary>
    public (IpAddress Address, int PrefixLength) Key => (Address, PrefixLength);

    public bool IsTentative => (Flags & Rtm.AddressFlag.Tentative) != 0;

    public bool IsDuplicate => (Flags & Rtm.AddressFlag.DuplicateDetected) != 0;

    /// <summary>IPv6 temporary addresses (RFC 8981) share the bit of IPv4 secondary ones; the kernel makes them itself.</summary>
    public bool IsTemporary => Address.Family == IpFamily.V6 && (Flags & Rtm.AddressFlag.Secondary) != 0;

    /// <summary>Reads the payload of RTM_NEWADDR; null for a family that is not ours.</summary>
    public static AddressEntry? Parse(ReadOnlySpan<byte> payload)
    {
        var header = MemoryMarshal.Read<AddressHeader>(payload);
        var entry = new AddressEntry(payload.ToArray())
        {
            Index = header.Index,
            PrefixLength = header.PrefixLength,
            Scope = header.Scope,
            Flags = header.Flags,
        };
        IpAddress? local = null, remote = null;
        var attributes = new NetlinkAttributes(payload[8..]);
        while (attributes.MoveNext())
        {
            switch (attributes.Type)
            {
                case Rtm.Address.Local:
                    local = AddressBytes.Ip(attributes.Value);
                    break;
                case Rtm.Address.Remote:
                    remote = AddressBytes.Ip(attributes.Value);
                    break;
                case Rtm.Address.Label:
                    entry.Label = attributes.Text;
                    break;
                case Rtm.Address.Flags:
                    entry.Flags = MemoryMarshal.Read<uint>(attributes.Value);
                    break;
            }
        }
        if ((local ?? remote) is not { } address)
            return null;
        entry.Address = address;
        return entry;
    }

    /// <summary>Asks for the same address on another interface.</summary>
    /// <param name="label">Null for none.</param>
    public void AddTo(NetlinkBatch batch, int index, string? label)
    {
        var header = MemoryMarshal.Read<AddressHeader>(_payload) with { Index = index, Flags = 0 };
        batch.Begin(Rtm.NewAddress, Rtm.Flag.Create | Rtm.Flag.Exclusive, header, $"add address {this}");
        Copy(batch);
        batch.Attribute(Rtm.Address.Flags, unchecked((int)(Flags & ~Observed)));
        if (label is not null)
            batch.Attribute(Rtm.Address.Label, label);
    }

    /// <summary>Asks for its removal.</summary>
    public void Delete(NetlinkBatch batch)
    {
        batch.Begin(Rtm.DelAddress, 0, MemoryMarshal.Read<AddressHeader>(_payload), $"delete address {this}");
        Copy(batch);
    }

    public override string ToString() => $"{Address}/{PrefixLength}";

    private void Copy(NetlinkBatch batch)
    {
        var attributes = new NetlinkAttributes(_payload.AsSpan(8));
        while (attributes.MoveNext())
        {
            if (attributes.Type is not (Rtm.Address.Flags or Rtm.Address.Label))
                batch.Raw(attributes.Whole);
        }
    }
}
