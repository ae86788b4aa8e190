using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Agent.Netlink;
using Sluice.Agent.Packets;
using Sluice.Cni.Wire;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Attachments;

/// <summary>The pod's end of a pair, configured. Its sockets live in the pod's namespace.</summary>
internal sealed class PodEnd : IAsyncDisposable
{
    private const int Loopback = 1;

    private readonly PodNetwork _network;
    private readonly TimeProvider _time;
    private readonly RtNetlink _netlink;
    private readonly LinkMonitor _monitor;
    private readonly Dictionary<IpFamily, PacketSocket> _sockets = [];
    private readonly LinkEntry _link;

    private PodEnd(PodNetwork network, string name, TimeProvider time)
    {
        _network = network;
        _time = time;
        _netlink = RtNetlink.Open();
        _monitor = LinkMonitor.Open(NullLogger.Instance);
        _link = _netlink.Link(name) ?? throw CniFailureException.TryAgainLater($"interface {name} vanished from the pod");
    }

    /// <summary>Makes the interface what it shall be; doing it again changes nothing. Call in the pod's namespace.</summary>
    /// <exception cref="CniFailureException">The namespace is the host's.</exception>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public static PodEnd Configure(PodNetwork network, string name, bool detectConflicts, TimeProvider time)
    {
        if (NetworkNamespace.IsCurrentOwn)
            throw new CniFailureException(CniErrorCode.InvalidEnvironment, "CNI_NETNS is the host's namespace");
        var end = new PodEnd(network, name, time);
        end.SetFamilies();
        if (network.ChecksumInSoftware)
            Ethtool.DisableTransmitChecksum(name);
        end.SetAddresses(detectConflicts);
        foreach (var family in network.Addresses.Select(address => address.Address.Family))
            end._sockets[family] = PacketSocket.Open(end._link.Index, Neighbors.EtherType(family));
        return end;
    }

    /// <summary>In a physical network, makes sure that nobody else has the addresses. The port must be forwarding.</summary>
    /// <exception cref="CniFailureException">Somebody has.</exception>
    public async Task DetectConflictsAsync(CancellationToken ct)
    {
        foreach (var address in _network.Addresses.Select(address => address.Address).Where(address => address.Family == IpFamily.V4))
        {
            if (await NeighborsOf(address.Family).FindOwnerAsync(address, ct) is { } owner)
                throw CniFailureException.TryAgainLater($"address {address} of subnet {_network.Subnet} is in use by {owner}");
        }
        await WaitForDuplicateDetectionAsync(ct);
    }

    /// <summary>Makes neighbours forget who had the addresses before.</summary>
    public async Task AnnounceAsync(CancellationToken ct)
    {
        foreach (var address in _network.Addresses)
            await NeighborsOf(address.Address.Family).AnnounceAsync(address.Address, ct);
    }

    /// <summary>Returns once each subnet's gateway has answered.</summary>
    public async Task WaitForGatewaysAsync(CancellationToken ct)
    {
        foreach (var address in _network.Addresses)
        {
            if (address.Gateway is { } gateway)
                await NeighborsOf(address.Address.Family).WaitForAsync(address.Address, gateway, ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets.Values)
            socket.Dispose();
        _netlink.Dispose();
        await _monitor.DisposeAsync();
    }

    private Neighbors NeighborsOf(IpFamily family) => new(_sockets[family], _network.Mac, _time);

    /// <summary>Addresses come from the controller alone; without an IPv6 one the family stays silent.</summary>
    private void SetFamilies()
    {
        Sysctl.Write("ipv6", _link.Name, "disable_ipv6", _network.HasIpv6 ? "0" : "1");
        if (_network.HasIpv6)
            Sysctl.Write("ipv6", _link.Name, "accept_ra", "0");
    }

    private void SetAddresses(bool detectConflicts)
    {
        var batch = new NetlinkBatch().SetUp(Loopback);
        if (_link.Mac != _network.Mac)
            batch.SetMac(_link.Index, _network.Mac);
        if (_link.Mtu != _network.Mtu)
            batch.SetMtu(_link.Index, _network.Mtu);
        batch.SetUp(_link.Index);
        foreach (var address in _network.Addresses)
        {
            // OVN gives an address to one port only; in a physical network the kernel has to ask around.
            var flags = _network.IsUnderlay && detectConflicts ? 0 : Rtm.AddressFlag.NoDuplicateDetection;
            batch.AddAddress(_link.Index, address.Address, address.PrefixLength, address.Address.Family == IpFamily.V6 ? flags : 0);
        }
        foreach (var route in _network.Routes)
            batch.ReplaceRoute(_link.Index, route.Destination, route.Gateway, onLink: route.Gateway is { } gateway && !IsOnLink(gateway));
        _netlink.Execute(batch);
    }

    private bool IsOnLink(IpAddress gateway) =>
        _network.Addresses.Any(address => new Cidr(address.Address, address.PrefixLength) is var subnet && subnet.Family == gateway.Family && subnet.Contains(gateway));

    private async Task WaitForDuplicateDetectionAsync(CancellationToken ct)
    {
        var changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        _monitor.Changed += _ => changes.Writer.TryWrite(true);
        _monitor.Start();
        while (true)
        {
            var addresses = _netlink.Addresses(_link.Index);
            if (addresses.FirstOrDefault(address => address.IsDuplicate) is { } duplicate)
                throw CniFailureException.TryAgainLater($"address {duplicate.Address} of subnet {_network.Subnet} is in use by somebody else");
            if (!addresses.Any(address => address.IsTentative))
                return;
            await changes.Reader.ReadAsync(ct);
        }
    }
}
