using System.Net.Sockets;
using System.Text;
using Sluice.Agent.Attachments;
using Sluice.Agent.Ovs;
using Sluice.Agent.Tests.Support;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Tests.Attachments;

/// <summary>What is left when somebody dies in the middle: nothing.</summary>
[Collection(ClusterCollection.Name)]
public sealed class InterruptionTests(ClusterFixture cluster) : IAsyncLifetime
{
    private AttachmentFixture _fixture = null!;

    private TestNode Node => _fixture.Node;

    public async Task InitializeAsync() => _fixture = await AttachmentFixture.CreateAsync(cluster);

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task A_plugin_that_is_killed_leaves_nothing_behind()
    {
        // Nobody installs the port, so the request lasts.
        var pod = await _fixture.CreatePodAsync(2);
        using (var plugin = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await plugin.ConnectAsync(new UnixDomainSocketEndPoint(Node.CniSocket));
            await plugin.SendAsync(Encoding.ASCII.GetBytes(Add(pod)));
            await Eventually.Succeeds(() => Node.Ovs.Current.Interface(pod.HostLink).ShouldNotBeNull(Node.Log));
        }

        await Eventually.Succeeds(async () =>
        {
            Node.Ovs.Current.Interface(pod.HostLink).ShouldBeNull();
            (await Node.Host.IpAsync("-br link")).ShouldNotContain(pod.HostLink);
            (await pod.Sandbox.IpAsync("-br link")).ShouldNotContain("eth0");
        });
    }

    [Fact]
    public async Task An_agent_that_comes_back_keeps_what_is_whole_and_removes_what_is_not()
    {
        var whole = await _fixture.CreatePodAsync(2);
        var vanished = await _fixture.CreatePodAsync(3);
        var half = await _fixture.CreatePodAsync(4);
        await using (new OvnControllerStandIn(Node.Ovs))
        {
            (await whole.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
            (await vanished.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
            (await half.AddAsync()).ExitCode.ShouldBe(0, Node.Log);
        }
        await Node.StopAgentAsync();
        await vanished.Sandbox.DisposeAsync();

        // As it is when the agent is killed while it waits for ovn-controller.
        var id = new AttachmentId(half.ContainerId, "eth0");
        await Node.Host.IpAsync("link", "set", half.HostLink, "alias", HostLink.Alias(id, finished: false));

        // As it is when the agent is killed before it reaches the OVS database.
        await Node.Host.IpAsync("link add name aaaaaaaaaaaa_h type veth peer name x");
        await Node.Host.IpAsync("link", "set", "aaaaaaaaaaaa_h", "alias", HostLink.Alias(new AttachmentId("aaaaaaaaaaaaaaaa", "eth0"), finished: false));
        await Node.Host.IpAsync("link add name bbbbbbbbbbbb_h type veth peer name y");
        await Eventually.Succeeds(() => Node.Ovs.Current.Interface(whole.HostLink).ShouldNotBeNull());
        var before = Node.Ovs.Current.Interface(whole.HostLink)!.Value.Row;

        Node.StartAgent();
        await Eventually.Succeeds(async () =>
        {
            Node.Ovs.Current.Interfaces.Where(port => port.ExternalIds.Get(OvsIds.PodName) is not null).Select(port => port.Name).ShouldBe([whole.HostLink], Node.Log);
            var links = await Node.Host.IpAsync("-br link");
            links.ShouldContain(whole.HostLink);
            links.ShouldNotContain(vanished.HostLink);
            links.ShouldNotContain(half.HostLink);
            links.ShouldNotContain("aaaaaaaaaaaa_h");
            links.ShouldContain("bbbbbbbbbbbb_h");
        });
        Node.Ovs.Current.Interface(whole.HostLink)!.Value.Row.ShouldBeSameAs(before);
        (await whole.Sandbox.RunAsync("ping", "-c1", "-W1", "192.168.0.1")).ShouldContain("1 received");
    }

    private string Add(TestPod pod)
    {
        var body = $$"""
            {"cni_type":"kube-ovn","pod_name":"{{_fixture.PodName(2)}}","pod_namespace":"default","container_id":"{{pod.ContainerId}}","net_ns":"{{pod.NetNs}}","if_name":"eth0","provider":"ovn"}
            """;
        return $"POST {WirePaths.Add} HTTP/1.1\r\nHost: agent\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }
}
