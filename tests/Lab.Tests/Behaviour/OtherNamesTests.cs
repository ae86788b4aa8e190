using Sluice.Lab.Demo;

namespace Sluice.Lab.Tests.Behaviour;

[Collection(OtherNamesLabCollection.Name)]
public sealed class OtherNamesTests(OtherNamesLab fixture)
{
    [Fact]
    public async Task Other_names_networks_and_VLANs_work_alike()
    {
        await fixture.ApplyAsync(
            Manifests.Pod("team/web-0", "pc-node-2")
            + Manifests.Eip("face", "externalSubnet: public") + Manifests.Of("OvnFip", "face", "ovnEip: face, ipName: web-0.team"));
        await fixture.WaitReadyAsync("ofip/face");
        await fixture.WaitReadyAsync("--namespace=team", "pod/web-0");
        var eip = await fixture.JsonPathAsync("oeip/face", "{.status.v4Ip}");

        (await fixture.Probe.PingIsSeenOutsideAsync("team/web-0", eip)).ShouldStartWith($"IP {eip} > {Probe.InternetAddress}: ICMP echo request");
        (await fixture.NamesAsync("Logical_Router_Port")).ShouldBe(["blue-blue-web", "blue-public", "ovn-cluster-join", "ovn-cluster-ovn-default"]);
        (await fixture.Lab.Nodes[0].Ovs.Vsctl("port-to-br", "vlan").RunAsync()).Trim().ShouldBe("br-dc-west");
    }
}
