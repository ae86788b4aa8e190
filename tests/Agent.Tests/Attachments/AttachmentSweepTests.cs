using System.Collections.Immutable;
using Sluice.Agent.Attachments;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Tests.Attachments;

public sealed class AttachmentSweepTests
{
    private static readonly AttachmentSweep.Present Port = new("a_h", new AttachmentId("a", "eth0"), HasNamespace: true, HasPod: true);

    [Fact]
    public void What_is_in_order_stays() => Sweep([Port], [("a_h", false)]).Remove.ShouldBeEmpty();

    [Fact]
    public void A_port_whose_namespace_is_gone_goes_at_once() => Sweep([Port with { HasNamespace = false }], []).Remove.ShouldBe(["a_h"]);

    [Fact]
    public void A_port_whose_pod_is_gone_goes_at_the_second_look()
    {
        var orphan = Port with { HasPod = false };
        var first = Sweep([orphan], [("a_h", false)]);
        first.Remove.ShouldBeEmpty();
        Sweep([orphan], [("a_h", false)], first.Suspects).Remove.ShouldBe(["a_h"]);
        Sweep([Port], [("a_h", false)], first.Suspects).Remove.ShouldBeEmpty();
    }

    [Fact]
    public void A_pair_that_is_unfinished_or_unknown_to_ovs_goes() =>
        Sweep([Port], [("a_h", true), ("b_h", false)]).Remove.ShouldBe(["a_h", "b_h"], ignoreOrder: true);

    [Fact]
    public void What_a_request_works_on_is_left_alone() =>
        Sweep([Port with { HasNamespace = false }], [("a_h", true), ("b_h", true)], [], "a_h", "b_h").Remove.ShouldBeEmpty();

    [Fact]
    public void A_port_of_kube_ovn_that_does_not_name_its_namespace_is_judged_by_its_pod()
    {
        var legacy = Port with { HasNamespace = null, HasPod = false };
        Sweep([legacy], [], ["a_h"]).Remove.ShouldBe(["a_h"]);
    }

    private static AttachmentSweep.Result Sweep(
        AttachmentSweep.Present[] ports, (string, bool)[] links, ImmutableHashSet<string>? suspects = null, params string[] busy) =>
        AttachmentSweep.For(ports, links, busy.ToHashSet(), suspects ?? []);
}
