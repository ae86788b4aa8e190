using Sluice.Agent.Attachments;
using Sluice.Api;
using Sluice.Cni.Wire;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Tests.Attachments;

/// <summary>From annotations to an interface, without any interface.</summary>
public sealed class PodNetworkPlanTests
{
    [Fact]
    public void A_dual_stack_pod_has_a_default_route_per_family()
    {
        var network = PodNetworkPlan.For(Input(Annotations()));
        network.Addresses.ShouldBe([Address("192.168.0.2", 24, "192.168.0.1"), Address("fd00::2", 64, "fd00::1")]);
        network.Routes.ShouldBe([Route("0.0.0.0/0", "192.168.0.1"), Route("::/0", "fd00::1")]);
        (network.IfaceId, network.Mac.ToString(), network.Subnet, network.Mtu).ShouldBe(("pod.ns", "00:00:00:0a:dd:02", "subnet", 1400));
        (network.HasIpv6, network.IsUnderlay, network.CheckGateway).ShouldBe((true, false, true));
    }

    [Fact]
    public void Routes_of_the_annotation_and_of_the_configuration_are_added_and_may_replace_the_default()
    {
        var input = Input(Annotations(("ovn.kubernetes.io/routes", """[{"dst":"0.0.0.0/0","gw":"192.168.0.9"},{"dst":"10.9.9.9"}]""")));
        input = input with { Request = input.Request with { Routes = [new Route("10.8.0.0/16", null)] } };
        PodNetworkPlan.For(input).Routes.ShouldBe(
            [Route("::/0", "fd00::1"), Route("0.0.0.0/0", "192.168.0.9"), Route("10.9.9.9/32", "192.168.0.1"), Route("10.8.0.0/16", "192.168.0.1")]);
    }

    [Theory]
    [InlineData(0, null, 1400)]
    [InlineData(1300, null, 1300)]
    [InlineData(1300, "9000", 1300)]
    [InlineData(0, "9000", 9000)]
    [InlineData(0, "huge", 1400)]
    public void The_mtu_is_the_subnets_or_the_nics_or_what_tunnels_leave(int subnet, string? nic, int expected)
    {
        var input = Input(Annotations(("ovn.kubernetes.io/provider_network", "external204"))) with
        {
            Subnet = new Subnet { Spec = new SubnetSpec { Mtu = subnet } },
            NodeLabels = nic is null ? null : new Dictionary<string, string> { ["external204.provider-network.kubernetes.io/mtu"] = nic },
        };
        PodNetworkPlan.For(input).Mtu.ShouldBe(expected);
    }

    [Fact]
    public void An_interface_of_another_CNI_may_have_the_default_route() =>
        PodNetworkPlan.For(Input(Annotations(("macvlan.ns.kubernetes.io/default_route", "true")))).Routes.ShouldBeEmpty();

    [Fact]
    public void A_pod_is_ready_when_all_is_decided()
    {
        var annotations = Annotations();
        PodNetworkPlan.IsAllocated(PodWith(annotations)).ShouldBeTrue();

        annotations.Remove("ovn.kubernetes.io/routed");
        PodNetworkPlan.IsAllocated(PodWith(annotations)).ShouldBeFalse();

        // Routes only matter to the interface that has them.
        annotations["macvlan.ns.kubernetes.io/default_route"] = "true";
        PodNetworkPlan.IsAllocated(PodWith(annotations)).ShouldBeTrue();
    }

    [Fact]
    public void What_is_missing_may_still_come()
    {
        var annotations = Annotations();
        annotations.Remove("ovn.kubernetes.io/mac_address");
        var failure = Should.Throw<CniFailureException>(() => PodNetworkPlan.For(Input(annotations)));
        (failure.Code, failure.Message).ShouldBe((CniErrorCode.TryAgainLater, "pod ns/pod has no annotation ovn.kubernetes.io/mac_address"));
    }

    private static Dictionary<string, string> Annotations(params (string Key, string Value)[] more)
    {
        var annotations = new Dictionary<string, string>
        {
            ["ovn.kubernetes.io/allocated"] = "true",
            ["ovn.kubernetes.io/routed"] = "true",
            ["ovn.kubernetes.io/ip_address"] = "192.168.0.2,fd00::2",
            ["ovn.kubernetes.io/mac_address"] = "00:00:00:0A:DD:02",
            ["ovn.kubernetes.io/cidr"] = "192.168.0.0/24,fd00::/64",
            ["ovn.kubernetes.io/gateway"] = "192.168.0.1,fd00::1",
            ["ovn.kubernetes.io/logical_switch"] = "subnet",
        };
        foreach (var (key, value) in more)
            annotations[key] = value;
        return annotations;
    }

    private static PodNetworkInput Input(Dictionary<string, string> annotations) => new()
    {
        Request = new AttachmentRequest { PodNamespace = "ns", PodName = "pod", IfName = "eth0" },
        Pod = PodWith(annotations),
        DefaultMtu = 1400,
    };

    private static Pod PodWith(Dictionary<string, string> annotations) =>
        new() { Metadata = new ObjectMeta { Namespace = "ns", Name = "pod", Annotations = annotations } };

    private static PodAddress Address(string address, int prefixLength, string gateway) => new(IpAddress.Parse(address), prefixLength, IpAddress.Parse(gateway));

    private static PodRoute Route(string destination, string gateway) => new(Cidr.Parse(destination), IpAddress.Parse(gateway));
}
