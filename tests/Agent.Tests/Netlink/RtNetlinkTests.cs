using Sluice.Agent.Netlink;
using Sluice.Agent.Tests.Support;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Tests.Netlink;

/// <summary>Our rtnetlink against iproute2's, in namespaces of our own.</summary>
public sealed class RtNetlinkTests
{
    private static readonly MacAddress Mac = new(0x0000_000a_dd27);

    [Fact]
    public async Task A_pair_of_interfaces_is_made_across_two_namespaces_in_one_step()
    {
        await using var host = await TestNamespace.CreateAsync();
        await using var pod = await TestNamespace.CreateAsync();
        using var podFile = pod.Network.Open();

        await host.Network.RunAsync(() =>
        {
            using var netlink = RtNetlink.Open();
            netlink.Execute(new NetlinkBatch()
                .CreateVeth("0123456789ab_h", 1400, podFile, "eth0", Mac)
                .SetAlias("0123456789ab_h", "ours"));
        });

        var (hostEnd, podEnd) = (await LinkAsync(host, "0123456789ab_h"), await LinkAsync(pod, "eth0"));
        hostEnd.ShouldBe(new LinkEntry
        {
            Index = hostEnd!.Index,
            Name = "0123456789ab_h",
            Kind = "veth",
            Mtu = 1400,
            Mac = hostEnd.Mac,
            Alias = "ours",
            PeerIndex = podEnd!.Index,
        });
        podEnd.ShouldBe(new LinkEntry { Index = podEnd.Index, Name = "eth0", Kind = "veth", Mtu = 1400, Mac = Mac, PeerIndex = hostEnd.Index });
    }

    [Fact]
    public async Task A_link_is_changed_and_deleted()
    {
        await using var host = await TestNamespace.CreateAsync();
        await host.IpAsync("link add name a0 type veth peer name b0");
        var index = (await LinkAsync(host, "a0"))!.Index;

        await ExecuteAsync(host, new NetlinkBatch().SetMtu(index, 1300).SetMac(index, Mac).Rename(index, "c").SetUp(index));
        (await LinkAsync(host, "c")).ShouldNotBeNull().ShouldSatisfyAllConditions(
            link => link.Index.ShouldBe(index),
            link => link.Mtu.ShouldBe(1300),
            link => link.Mac.ShouldBe(Mac),
            link => link.IsUp.ShouldBeTrue());

        await ExecuteAsync(host, new NetlinkBatch().DeleteLink("c"));
        (await host.Network.RunAsync(() => Open(netlink => netlink.Links()))).Select(link => link.Name).ShouldBe(["lo"]);
    }

    [Fact]
    public async Task A_refusal_says_what_was_refused_and_the_rest_of_the_batch_is_tried()
    {
        await using var host = await TestNamespace.CreateAsync();
        await host.IpAsync("link add name a0 type veth peer name b0");
        var batch = new NetlinkBatch().DeleteLink("nobody").SetAlias("a0", "marked");
        var failure = (await host.Network.RunAsync(() => Open(netlink => netlink.Try(batch)))).ShouldHaveSingleItem();

        failure.Message.ShouldStartWith("delete nobody: ");
        failure.IsMissing.ShouldBeTrue();
        (await LinkAsync(host, "a0"))!.Alias.ShouldBe("marked");
        (await LinkAsync(host, "nobody")).ShouldBeNull();
    }

    [Fact]
    public async Task Addresses_and_routes_are_as_iproute2_would_make_them()
    {
        await using var ours = await TestNamespace.CreateAsync();
        await using var theirs = await TestNamespace.CreateAsync();
        foreach (var host in new[] { ours, theirs })
        {
            await host.IpAsync("link add name a0 type veth peer name b0");
            await host.IpAsync("link set b0 up");
            await host.IpAsync("link set a0 address 02:00:00:00:00:01 up");
        }

        var index = (await LinkAsync(ours, "a0"))!.Index;
        await ExecuteAsync(ours, new NetlinkBatch()
            .AddAddress(index, IpAddress.Parse("192.168.0.2"), 24)
            .AddAddress(index, IpAddress.Parse("fd00::2"), 64, Rtm.AddressFlag.NoDuplicateDetection)
            .ReplaceRoute(index, Cidr.Parse("0.0.0.0/0"), IpAddress.Parse("192.168.0.1"))
            .ReplaceRoute(index, Cidr.Parse("::/0"), IpAddress.Parse("fd00::1"))
            .ReplaceRoute(index, Cidr.Parse("10.1.0.0/16"), gateway: null, source: IpAddress.Parse("192.168.0.2"))
            .ReplaceRoute(index, Cidr.Parse("10.2.0.0/16"), IpAddress.Parse("172.16.0.1"), onLink: true));
        await theirs.IpAsync("addr add 192.168.0.2/24 broadcast 192.168.0.255 dev a0");
        await theirs.IpAsync("addr add fd00::2/64 dev a0 nodad");
        await theirs.IpAsync("route add default via 192.168.0.1 dev a0 proto static");
        await theirs.IpAsync("-6 route add default via fd00::1 dev a0 proto static");
        await theirs.IpAsync("route add 10.1.0.0/16 dev a0 src 192.168.0.2 proto static");
        await theirs.IpAsync("route add 10.2.0.0/16 via 172.16.0.1 dev a0 onlink proto static");

        (await StateAsync(ours)).ShouldBe(await StateAsync(theirs));
    }

    [Fact]
    public async Task A_namespace_that_is_gone_is_told_from_other_failures()
    {
        var host = await TestNamespace.CreateAsync();
        host.Network.Exists.ShouldBeTrue();
        (await host.Network.RunAsync(() => NetworkNamespace.IsCurrentOwn)).ShouldBeFalse();
        (await NetworkNamespace.Own.RunAsync(() => NetworkNamespace.IsCurrentOwn)).ShouldBeTrue();
        await host.DisposeAsync();
        host.Network.Exists.ShouldBeFalse();
        await Should.ThrowAsync<NamespaceGoneException>(() => host.Network.RunAsync(() => true));

        var leftOver = Path.GetTempFileName();
        NetworkNamespace.At(leftOver).Exists.ShouldBeFalse();
        await Should.ThrowAsync<NamespaceGoneException>(() => NetworkNamespace.At(leftOver).RunAsync(() => true));
        File.Delete(leftOver);
    }

    [Fact]
    public async Task Changes_of_links_and_addresses_are_heard()
    {
        await using var host = await TestNamespace.CreateAsync();
        await using var monitor = await host.Network.RunAsync(() => LinkMonitor.Open(Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance));
        var heard = System.Threading.Channels.Channel.CreateUnbounded<LinkEvent>();
        monitor.Changed += change => heard.Writer.TryWrite(change);
        monitor.Start();

        await host.IpAsync("link add name a0 type veth peer name b0");
        var index = (await LinkAsync(host, "a0"))!.Index;
        await NextAsync(new LinkEvent(index, "a0"));
        await host.IpAsync("addr add 10.0.0.1/24 dev a0");
        await NextAsync(new LinkEvent(index, ""));

        async Task NextAsync(LinkEvent wanted)
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            while (await heard.Reader.ReadAsync(timeout.Token) != wanted)
            {
            }
        }
    }

    [Fact]
    public async Task Transmit_checksums_are_turned_off()
    {
        await using var host = await TestNamespace.CreateAsync();
        await host.IpAsync("link add name a0 type veth peer name b0");
        (await host.RunAsync("ethtool", "-k", "a0")).ShouldContain("tx-checksumming: on");
        await host.Network.RunAsync(() => Ethtool.DisableTransmitChecksum("a0"));
        (await host.RunAsync("ethtool", "-k", "a0")).ShouldContain("tx-checksumming: off");
    }

    private static Task<LinkEntry?> LinkAsync(TestNamespace host, string name) => host.Network.RunAsync(() => Open(netlink => netlink.Link(name)));

    private static Task ExecuteAsync(TestNamespace host, NetlinkBatch batch) => host.Network.RunAsync(() => Open(netlink =>
    {
        netlink.Execute(batch);
        return true;
    }));

    private static T Open<T>(Func<RtNetlink, T> work)
    {
        using var netlink = RtNetlink.Open();
        return work(netlink);
    }

    private static async Task<string> StateAsync(TestNamespace host) => string.Join('\n',
        await host.IpAsync("-4 addr show dev a0"), await host.IpAsync("-6 addr show dev a0 scope global"),
        await host.IpAsync("-4 route show table all"), await host.IpAsync("-6 route show table main"));
}
