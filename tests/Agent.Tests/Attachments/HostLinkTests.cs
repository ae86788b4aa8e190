using Sluice.Agent.Attachments;
using Sluice.Agent.Netlink;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Tests.Attachments;

public sealed class HostLinkTests
{
    [Theory]
    [InlineData("0123456789abcdef", "eth0", "0123456789ab_h")]
    [InlineData("0123", "eth0", "0123_h")]
    [InlineData("0123456789abcdef", "net1", "01234567_net1_h")]
    [InlineData("0123456789abcdef", "net123", "012345_net123_h")]
    public void The_names_are_those_of_kube_ovn_and_fit(string container, string name, string link) =>
        HostLink.Name(new AttachmentId(container, name)).ShouldBe(link);

    [Fact]
    public void A_long_interface_name_is_hashed()
    {
        var (one, other) = (HostLink.Name(new AttachmentId("0123456789abcdef", "interface-name1")), HostLink.Name(new AttachmentId("0123456789abcdef", "interface-name2")));
        one.ShouldMatch("^[0-9a-f]{12}_h$");
        other.ShouldNotBe(one);
    }

    [Fact]
    public void Only_marked_pairs_are_ours()
    {
        var id = new AttachmentId("0123456789abcdef", "eth0");
        Link("veth", HostLink.Alias(id, finished: true)).ShouldBe((true, false));
        Link("veth", HostLink.Alias(id, finished: false)).ShouldBe((true, true));
        Link("veth", "").ShouldBe((false, false));
        Link("tun", HostLink.Alias(id, finished: false)).ShouldBe((false, false));

        static (bool Ours, bool Unfinished) Link(string kind, string alias)
        {
            var link = new LinkEntry { Index = 1, Name = "0123456789ab_h", Kind = kind, Alias = alias };
            return (HostLink.IsOurs(link), HostLink.IsUnfinished(link));
        }
    }
}
