using Sluice.Api;
using Sluice.Plan.Addresses;
using Sluice.Plan.Admission;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Admission;

public sealed class RuleReviewTests
{
    private static readonly VpcSettings Settings = new() { DefaultVpc = "ovn-cluster", DefaultExternalSubnet = "net" };

    private static readonly OvnEip Eip = new() { Metadata = new() { Name = "e" }, Spec = new() { ExternalSubnet = "net" }, Status = new() { V4Ip = "192.0.2.1" } };

    [Theory]
    [InlineData("", "v", "10.0.0.1", null, "spec.ovnEip: needed")]
    [InlineData("e", "v", null, null, "spec.ipName: one of ipName, v4Ip and v6Ip is needed")]
    [InlineData("e", "", "10.0.0.1", null, "spec.vpc: needed with v4Ip and v6Ip")]
    [InlineData("e", "v", "10.0.0", null, "spec.v4Ip: \"10.0.0\" is not an IPv4 address")]
    [InlineData("e", "v", null, "fd00::1", "spec.v6Ip: OvnEip \"e\" has no IPv6 address")]
    [InlineData("e", "v", "10.0.0.1", null, null)]
    public void A_Fip_can_be_read_and_has_one_family_at_least(string eip, string vpc, string? v4, string? v6, string? message) =>
        (Check(new OvnFipSpec { OvnEip = eip, Vpc = vpc, V4Ip = v4, V6Ip = v6 }, Eip)?.Message).ShouldBe(message);

    [Fact]
    public void What_a_Fip_names_may_come_later()
    {
        Check(new() { OvnEip = "e", IpName = "none" }, Eip).ShouldBeNull();
        Check(new() { OvnEip = "e", IpType = IpTypes.Vip, IpName = "none" }, Eip).ShouldBeNull();
        Check(new() { OvnEip = "none", Vpc = "v", V4Ip = "10.0.0.1" }, null).ShouldBeNull();
        Check(new() { OvnEip = "e", Vpc = "v", V6Ip = "fd00::1" }, Eip with { Status = null }).ShouldBeNull("its families are not known yet");
        Check(new() { OvnEip = "", IpName = "none" }, null)!.Message.ShouldBe("spec.ovnEip: needed");
    }

    [Fact]
    public void Some_OvnEips_are_not_for_rules()
    {
        Check(new() { OvnEip = "e", Vpc = "v", V4Ip = "10.0.0.1" }, Eip with { Spec = Eip.Spec with { Type = EipTypes.Lsp } })!.Message
            .ShouldContain("is of type lsp");
        Check(new() { OvnEip = "e", Vpc = "v", V4Ip = "10.0.0.1" }, Eip with { Metadata = new() { Name = "w-net" }, Spec = Eip.Spec with { Type = EipTypes.Lrp } })!.Message
            .ShouldContain("is of type lrp");
    }

    [Theory]
    [InlineData("70000", "80", "tcp", "spec.externalPort:")]
    [InlineData("0", "80", "tcp", "spec.externalPort:")]
    [InlineData("80", "http", "tcp", "spec.internalPort:")]
    [InlineData("80", "80", "icmp", "spec.protocol:")]
    [InlineData("80", "80", null, "spec.protocol:")]
    [InlineData("80", "80", "TCP", null)]
    public void Ports_and_protocol_of_a_Dnat_rule_exist(string external, string inner, string? protocol, string? field)
    {
        var rule = new OvnDnatRule
        {
            Metadata = new() { Name = "r" },
            Spec = new() { OvnEip = "e", IpName = "none", ExternalPort = external, InternalPort = inner, Protocol = protocol },
        };

        var objection = RuleReview.Check(null, new RuleInput<OvnDnatRule>(rule, Eip), Settings);
        if (field is null) objection.ShouldBeNull();
        else objection!.Message.ShouldStartWith(field);
    }

    [Fact]
    public void The_source_of_a_Snat_rule_can_be_read()
    {
        CheckSnat(new() { OvnEip = "e", Vpc = "v", V4IpCidr = "10.0.0.0/40" })!.Message.ShouldStartWith("spec.v4IpCidr:");
        CheckSnat(new() { OvnEip = "e", Vpc = "v", V6IpCidr = "10.0.0.0/24" })!.Message.ShouldStartWith("spec.v6IpCidr:");
        CheckSnat(new() { OvnEip = "e", VpcSubnet = "s", IpName = "i" })!.Message.ShouldStartWith("spec.ipName:");
        CheckSnat(new() { OvnEip = "e" })!.Message.ShouldStartWith("spec.vpcSubnet:");
        CheckSnat(new() { OvnEip = "e", VpcSubnet = "none" }).ShouldBeNull();
    }

    [Fact]
    public void No_rule_moves_to_another_Vpc()
    {
        var fip = new OvnFip { Metadata = new() { Name = "r" }, Spec = new() { OvnEip = "e", Vpc = "v", V4Ip = "10.0.0.1" } };
        RuleReview.Check(fip, new RuleInput<OvnFip>(fip with { Spec = fip.Spec with { Vpc = "w" } }, Eip), Settings)!.Message
            .ShouldBe("spec.vpc: can not be changed from \"v\" to \"w\"; create another OvnFip");
        RuleReview.Check(fip with { Spec = fip.Spec with { Vpc = "" } }, new RuleInput<OvnFip>(fip, Eip), Settings).ShouldBeNull();

        var snat = new OvnSnatRule { Metadata = fip.Metadata, Spec = new() { OvnEip = "e", Vpc = "v", V4IpCidr = "10.0.0.1" } };
        RuleReview.Check(snat, new RuleInput<OvnSnatRule>(snat with { Spec = snat.Spec with { Vpc = "w" } }, Eip), Settings)!.Message.ShouldStartWith("spec.vpc:");

        var dnat = new OvnDnatRule { Metadata = fip.Metadata, Spec = new() { OvnEip = "e", Vpc = "v", V4Ip = "10.0.0.1", ExternalPort = "1", InternalPort = "1", Protocol = "udp" } };
        RuleReview.Check(dnat, new RuleInput<OvnDnatRule>(dnat with { Spec = dnat.Spec with { Vpc = "w" } }, Eip), Settings)!.Message.ShouldStartWith("spec.vpc:");
    }

    [Fact]
    public void Referrers_that_go_themselves_do_not_count()
    {
        Objection.InUse("OvnEip", "e", [new AddressUser("OvnFip", "f", IsDeleting: true)]).ShouldBeNull();
        Objection.InUse("OvnEip", "e", [new AddressUser("OvnFip", "f", true), new AddressUser("OvnFip", "g", false)])!.Message
            .ShouldBe("OvnEip \"e\" is in use by OvnFip g");
        Objection.InUse("OvnEip", "e", Enumerable.Range(10, 12).Select(i => new AddressUser("OvnFip", $"f{i}", false)))!.Message
            .ShouldEndWith("OvnFip f18, OvnFip f19 and 2 more");
    }

    private static Objection? Check(OvnFipSpec spec, OvnEip? eip) =>
        RuleReview.Check(null, new RuleInput<OvnFip>(new() { Metadata = new() { Name = "r" }, Spec = spec }, eip), Settings);

    private static Objection? CheckSnat(OvnSnatRuleSpec spec) =>
        RuleReview.Check(null, new RuleInput<OvnSnatRule>(new() { Metadata = new() { Name = "r" }, Spec = spec }, Eip), Settings);
}
