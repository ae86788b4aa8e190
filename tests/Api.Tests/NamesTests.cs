using System.Net;

namespace Sluice.Api.Tests;

public sealed class NamesTests
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("fd00:10:16::1", "fd00-10-16--1")]
    [InlineData("::1", "0--1")]
    [InlineData("fd00::", "fd00--0")]
    [InlineData("::", "0--0")]
    public void An_ipv6_address_becomes_a_label_value(string? address, string label) => Names.Labels.EncodeV6(address).ShouldBe(label);

    [Theory]
    [InlineData("fd00:10:16::1")]
    [InlineData("::1")]
    [InlineData("fd00::")]
    [InlineData("::")]
    public void A_label_value_is_read_as_the_ipv6_address_again(string address) =>
        IPAddress.Parse(Names.Labels.DecodeV6(Names.Labels.EncodeV6(address))).ShouldBe(IPAddress.Parse(address));

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(253)]
    public void The_name_of_an_object_becomes_a_label_value(int length)
    {
        var name = new string('a', length - 1) + "b";

        var label = Names.LabelOf(name);

        label.ShouldMatch("^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$");
        (label == name).ShouldBe(length <= 63);
        Names.LabelOf(name[..^1] + "c").ShouldNotBe(label, "a name that differs at its end");
    }

    [Fact]
    public void Names_are_those_of_the_walkthrough()
    {
        Names.PodPort("vpc-1-busybox01", "vpc1").ShouldBe("vpc-1-busybox01.vpc1");
        Names.PodPort("pod", "ns", "net1.ns.ovn").ShouldBe("pod.ns.net1.ns.ovn");
        Names.NodePort("pc-node-1").ShouldBe("node-pc-node-1");
        Names.RouterPort("vpc1", "external204").ShouldBe("vpc1-external204");
        Names.SwitchPort("external204", "vpc1").ShouldBe("external204-vpc1");
        Names.LocalnetPort("external204").ShouldBe("localnet.external204");
        Names.ProviderBridge("external204").ShouldBe("br-external204");
        PodAnnotations.Default.IpAddress.ShouldBe("ovn.kubernetes.io/ip_address");
        new PodAnnotations("net1.ns.ovn").LogicalSwitch.ShouldBe("net1.ns.ovn.kubernetes.io/logical_switch");
    }
}
