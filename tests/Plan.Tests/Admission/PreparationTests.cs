using Sluice.Api;
using Sluice.Plan.Admission;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Admission;

public sealed class PreparationTests
{
    private static readonly Subnet V4 = new() { Metadata = new() { Name = "net" }, Spec = new() { CidrBlock = "10.0.0.0/24" } };
    private static readonly Subnet Dual = new() { Metadata = new() { Name = "net" }, Spec = new() { CidrBlock = "10.0.0.0/24,fd00::/64" } };

    [Fact]
    public void An_OvnEip_whose_addresses_are_known_has_its_labels()
    {
        var metadata = Preparation.Of(Eip("10.0.0.7", null), "net", V4);

        metadata.Finalizers.ShouldBe([Names.Finalizer]);
        metadata.Label(Names.Labels.Subnet).ShouldBe("net");
        metadata.Label(Names.Labels.OvnEipType).ShouldBe(EipTypes.Nat);
        metadata.Label(Names.Labels.EipV4Ip).ShouldBe("10.0.0.7");
        metadata.Label(Names.Labels.EipV6Ip).ShouldBe("");
        Preparation.Of(Eip("10.0.0.7", "fd00::7"), "net", Dual).Label(Names.Labels.EipV6Ip).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void One_whose_addresses_are_not_known_has_the_finalizer_only()
    {
        foreach (var metadata in new[]
        {
            Preparation.Of(Eip(null, null), "net", V4),
            Preparation.Of(Eip("10.0.0.7", null), "net", Dual),
            Preparation.Of(Eip("10.0.0.7", null), "net", null),
            Preparation.Of(Eip("seven", null), "net", V4),
        })
        {
            metadata.Finalizers.ShouldBe([Names.Finalizer]);
            metadata.Labels.ShouldBeNull();
        }
    }

    [Fact]
    public void A_rule_has_its_labels_when_everything_that_it_refers_to_has_addresses()
    {
        var rule = new OvnFip { Metadata = new() { Name = "r" }, Spec = new() { OvnEip = "e", Vpc = "v", V4Ip = "10.1.0.1" } };
        var eip = new OvnEip { Metadata = new() { Name = "e" }, Spec = new() { ExternalSubnet = "net" }, Status = new() { V4Ip = "192.0.2.1" } };

        var metadata = RulePlans.Fip.Prepared(new(rule, eip), new());
        metadata.Finalizers.ShouldBe([Names.Finalizer]);
        metadata.Label(Names.Labels.EipV4Ip).ShouldBe("192.0.2.1");
        metadata.Annotation(Names.Annotations.VpcEip).ShouldBe("e");
        RulePlans.Fip.Prepared(new(rule, eip with { Status = null }), new()).ShouldBeSameAs(rule.Metadata);
        RulePlans.Fip.Prepared(new(rule), new()).ShouldBeSameAs(rule.Metadata);
    }

    private static OvnEip Eip(string? v4, string? v6) => new() { Metadata = new() { Name = "e" }, Spec = new() { ExternalSubnet = "net", V4Ip = v4, V6Ip = v6 } };
}
