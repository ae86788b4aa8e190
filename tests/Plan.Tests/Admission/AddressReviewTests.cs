using Sluice.Api;
using Sluice.Plan.Admission;

namespace Sluice.Plan.Tests.Admission;

public sealed class AddressReviewTests
{
    private static readonly Subnet V4 = new() { Metadata = new() { Name = "net" }, Spec = new() { CidrBlock = "10.0.0.0/24", Gateway = "10.0.0.254" } };

    [Theory]
    [InlineData("10.0.0.7", null, null, null)]
    [InlineData(null, null, "00:00:00:0a:0b:0c", null)]
    [InlineData("10.0.1.7", null, null, "spec.v4Ip: 10.0.1.7 is not a host address of 10.0.0.0/24 in Subnet \"net\"")]
    [InlineData("10.0.0.255", null, null, "spec.v4Ip: 10.0.0.255 is not a host address of 10.0.0.0/24 in Subnet \"net\"")]
    [InlineData("10.0.0.254", null, null, "spec.v4Ip: 10.0.0.254 is the gateway of 10.0.0.0/24 in Subnet \"net\"")]
    [InlineData(null, "fd00::7", null, "spec.v4Ip: fd00::7 is of a family that the subnet does not have")]
    [InlineData("10.0.0.x", null, null, "spec.v4Ip: \"10.0.0.x\" is not an address")]
    [InlineData(null, "10.0.0.7", null, "spec.v6Ip: \"10.0.0.7\" is not an IPv6 address")]
    [InlineData(null, null, "00:00:00", "spec.macAddress: \"00:00:00\" is not a MAC address")]
    public void An_OvnEip_asks_for_what_its_subnet_can_give(string? v4, string? v6, string? mac, string? message)
    {
        var eip = Eip("a", new() { ExternalSubnet = "net", V4Ip = v4, V6Ip = v6, MacAddress = mac });

        (AddressReview.Check(null, eip, "net", V4)?.Message).ShouldBe(message);
    }

    [Fact]
    public void A_subnet_that_does_not_exist_yet_or_is_about_to_go_or_gives_out_nothing_is_no_obstacle()
    {
        var eip = Eip("a", new() { ExternalSubnet = "net", V4Ip = "192.0.2.1" });

        AddressReview.Check(null, eip, "net", null).ShouldBeNull();
        AddressReview.Check(null, eip, "net", V4 with { Metadata = new() { Name = "net", DeletionTimestamp = DateTimeOffset.UnixEpoch } }).ShouldBeNull();
        AddressReview.Check(null, eip, "net", V4 with { Spec = new() { Vlan = "v" } }).ShouldBeNull();
        AddressReview.Check(null, eip, "net", V4 with { Spec = new() { CidrBlock = "nonsense" } }).ShouldBeNull();
    }

    [Fact]
    public void Subnet_and_type_of_an_OvnEip_can_be_set_but_not_changed()
    {
        var (empty, set) = (Eip("a", new()), Eip("a", new() { ExternalSubnet = "net", Type = EipTypes.Nat }));

        AddressReview.Check(empty, set, "net", V4).ShouldBeNull();
        AddressReview.Check(set, set with { Spec = set.Spec with { ExternalSubnet = "other" } }, "other", null)!.Message
            .ShouldBe("spec.externalSubnet: can not be changed from \"net\" to \"other\"; create another OvnEip");
        AddressReview.Check(set, set with { Spec = set.Spec with { Type = null } }, "net", V4)!.Message.ShouldStartWith("spec.type:");
        AddressReview.Check(set, set with { Spec = set.Spec with { V4Ip = "10.0.0.9" } }, "net", V4).ShouldBeNull("an address may move");
    }

    [Fact]
    public void A_Vip_asks_for_what_its_subnet_can_give()
    {
        AddressReview.Check(Vip("10.0.0.7"), V4, "join").ShouldBeNull();
        AddressReview.Check(Vip("10.0.9.7"), V4, "join")!.Message.ShouldStartWith("spec.v4ip: 10.0.9.7 is not a host address");
        AddressReview.Check(Vip("10.0.9.7"), null, "join").ShouldBeNull();
        AddressReview.Check(Vip("seven"), null, "join")!.Message.ShouldStartWith("spec.v4ip:");
        AddressReview.Check(Vip("10.0.0.7"), V4, "net")!.Message.ShouldBe("spec.subnet: Subnet \"net\" is for nodes only");

        static Vip Vip(string address) => new() { Metadata = new() { Name = "a" }, Spec = new() { Subnet = "net", V4ip = address } };
    }

    [Fact]
    public void An_IP_asks_for_what_its_subnet_can_give()
    {
        AddressReview.Check(Ip(new() { Subnet = "net", IpAddress = "10.0.0.7" }), V4).ShouldBeNull();
        AddressReview.Check(Ip(new() { Subnet = "net", V4IpAddress = "10.0.9.7" }), V4)!.Message.ShouldContain("10.0.9.7");
        AddressReview.Check(Ip(new() { Subnet = "net", IpAddress = "10.0.0.7,10.0.0.8" }), V4)!.Message.ShouldStartWith("spec.ipAddress:");
        AddressReview.Check(Ip(new() { Subnet = "net", V6IpAddress = "10.0.0.7" }), V4)!.Message.ShouldStartWith("spec.v6IpAddress:");
        AddressReview.Check(Ip(new() { Subnet = "net", MacAddress = "x" }), V4)!.Message.ShouldStartWith("spec.macAddress:");

        static Ip Ip(IpSpec spec) => new() { Metadata = new() { Name = "a" }, Spec = spec };
    }

    private static OvnEip Eip(string name, OvnEipSpec spec) => new() { Metadata = new() { Name = name }, Spec = spec };
}
