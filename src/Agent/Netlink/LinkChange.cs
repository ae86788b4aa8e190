using System.Collections.Immutable;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>What makes an interface of ours what it should be; nothing where it is already.</summary>
internal sealed record LinkChange
{
    public static LinkChange None { get; } = new();

    public MacAddress? SetMac { get; init; }

    public int? SetMtu { get; init; }

    public bool SetUp { get; init; }

    public ImmutableArray<(IpAddress Address, int PrefixLength)> AddAddresses { get; init; } = [];

    public ImmutableArray<(IpAddress Address, int PrefixLength)> RemoveAddresses { get; init; } = [];

    public bool IsEmpty => SetMac is null && SetMtu is null && !SetUp && AddAddresses.IsEmpty && RemoveAddresses.IsEmpty;

    /// <summary>The way from what is there to an interface that is up and has exactly these addresses.</summary>
    /// <param name="mtu">Null when it is somebody else's business.</param>
    public static LinkChange For(
        LinkEntry link,
        IReadOnlyCollection<(IpAddress Address, int PrefixLength)> current,
        MacAddress mac,
        int? mtu,
        IReadOnlyCollection<(IpAddress Address, int PrefixLength)> wanted) => new()
        {
            SetMac = link.Mac == mac ? null : mac,
            SetMtu = link.Mtu == mtu ? null : mtu,
            SetUp = !link.IsUp,
            AddAddresses = [.. wanted.Except(current)],
            RemoveAddresses = [.. current.Except(wanted)],
        };

    /// <summary>Appends the requests. An address of IPv6 is used at once: who has it was decided elsewhere.</summary>
    public NetlinkBatch AppendTo(NetlinkBatch batch, int index)
    {
        if (SetMac is { } mac)
            batch.SetMac(index, mac);
        if (SetMtu is { } mtu)
            batch.SetMtu(index, mtu);
        if (SetUp)
            batch.SetUp(index);
        foreach (var (address, prefixLength) in RemoveAddresses)
            batch.DeleteAddress(index, address, prefixLength);
        foreach (var (address, prefixLength) in AddAddresses)
            batch.AddAddress(index, address, prefixLength, address.Family == IpFamily.V6 ? Rtm.AddressFlag.NoDuplicateDetection : 0);
        return batch;
    }
}
