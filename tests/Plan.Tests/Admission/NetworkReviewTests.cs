using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addresses;
using Sluice.Plan.Admission;
using Sluice.Plan.Subnets;

namespace Sluice.Plan.Tests.Admission;

public sealed class NetworkReviewTests
{
    private static readonly Subnet Other = Subnet("other", new() { CidrBlock = "10.0.0.0/24" });

    [Theory]
    [InlineData("10.0.1.0/24", null, null)]
    [InlineData("10.0.1.0/33", null, "spec.cidrBlock:")]
    [InlineData("127.0.0.0/24", null, "spec.cidrBlock:")]
    [InlineData("10.0.1.0/24", "10.0.2.1", "spec.gateway:")]
    [InlineData("10.0.0.128/25", null, "spec.cidrBlock: 10.0.0.128/25 overlaps 10.0.0.0/24 of the older Subnet other")]
    public void A_subnet_has_addresses_of_its_own(string cidr, string? gateway, string? message)
    {
        var objection = Check(Subnet("new", new() { CidrBlock = cidr, Gateway = gateway }));

        if (message is null) objection.ShouldBeNull();
        else objection!.Message.ShouldStartWith(message);
    }

    [Theory]
    [InlineData("spec.mtu")]
    [InlineData("spec.excludeIps")]
    [InlineData("spec.allowSubnets")]
    [InlineData("spec.vips")]
    [InlineData("spec.externalEgressGateway")]
    public void Fields_of_a_subnet_can_be_read(string field)
    {
        var spec = new SubnetSpec { CidrBlock = "10.0.1.0/24" };
        spec = field switch
        {
            "spec.mtu" => spec with { Mtu = 60 },
            "spec.excludeIps" => spec with { ExcludeIps = ["10.0.1.9..10.0.1.1"] },
            "spec.allowSubnets" => spec with { AllowSubnets = ["10.0.0.0"] },
            "spec.vips" => spec with { Vips = ["10.0.2.1"] },
            _ => spec with { ExternalEgressGateway = "gateway" },
        };

        Check(Subnet("new", spec))!.Message.ShouldStartWith(field + ":");
    }

    [Fact]
    public void An_overlap_is_told_with_the_other_subnet_and_does_not_depend_on_who_is_older()
    {
        var old = Subnet("new", new() { CidrBlock = "10.0.0.0/25" });
        var older = old with { Metadata = old.Metadata with { CreationTimestamp = DateTimeOffset.UnixEpoch - TimeSpan.FromDays(1) } };

        Check(older)!.Others.ShouldBe([new AddressUser("Subnet", "other", false)]);
        Check(old, Deleting(Other)).ShouldBeNull();
        Check(old, Other with { Spec = Other.Spec with { Vlan = "v" } }).ShouldBeNull();
    }

    [Fact]
    public void A_subnet_may_come_before_its_Vlan_its_Vpc_and_the_namespaces_of_that()
    {
        Check(Subnet("new", new() { CidrBlock = "10.0.1.0/24", Vpc = "none", Vlan = "none", Namespaces = ["a"] })).ShouldBeNull();
        var input = new SubnetInput { Subnet = Subnet("new", new() { CidrBlock = "10.0.1.0/24", Namespaces = ["a"] }), Vpc = new() { Metadata = new() { Name = "v" } } };
        NetworkReview.Check(input, null, []).ShouldBeNull();
    }

    [Fact]
    public void An_edited_subnet_still_gives_what_it_gave()
    {
        var claims = Enumerable.Range(1, 12)
            .Select(i => AddressClaims.Of(
                new OvnEip
                {
                    Metadata = new() { Name = $"e{i:00}" },
                    Status = new() { V4Ip = $"10.0.0.{i}", MacAddress = "00:00:00:00:00:01" },
                },
                "net"))
            .ToList();

        Edit("10.0.0.0/16", "10.0.0.254").ShouldBeNull();
        Edit("10.0.0.0/24", "10.0.0.3")!.Message.ShouldEndWith("the addresses of OvnEip e03");
        var objection = Edit("10.0.1.0/24", "10.0.1.254")!;
        objection.Message.ShouldContain("OvnEip e05 and 7 more");
        objection.Others.Length.ShouldBe(12);

        Objection? Edit(string cidr, string gateway)
        {
            var old = Subnet("net", new() { CidrBlock = "10.0.0.0/24", Gateway = "10.0.0.254", Vlan = "v" });
            var input = new SubnetInput { Subnet = old with { Spec = old.Spec with { CidrBlock = cidr, Gateway = gateway } } };
            return NetworkReview.Check(input, input with { Subnet = old }, claims);
        }
    }

    [Theory]
    [InlineData("spec.vpc")]
    [InlineData("spec.vlan")]
    [InlineData("spec.gateway")]
    [InlineData("spec.provider")]
    [InlineData("spec.logicalGateway")]
    public void What_says_where_a_subnet_is_connected_stays_while_it_is_in_use(string field)
    {
        var old = Subnet("net", new() { CidrBlock = "10.0.0.0/24", Gateway = "10.0.0.1", Vpc = "a" });
        var spec = field switch
        {
            "spec.vpc" => old.Spec with { Vpc = "b" },
            "spec.vlan" => old.Spec with { Vlan = "v" },
            "spec.gateway" => old.Spec with { Gateway = "10.0.0.2" },
            "spec.provider" => old.Spec with { Provider = "x.y.ovn" },
            _ => old.Spec with { LogicalGateway = true },
        };
        var input = new SubnetInput { Subnet = old with { Spec = spec } };
        var inForce = new SubnetInput { Subnet = old, Users = [new AddressUser("IP", "pod.a", false)] };

        NetworkReview.Check(input, inForce, [])!.Message.ShouldStartWith($"{field}: cannot change from");
        NetworkReview.Check(input, inForce with { Users = [] }, []).ShouldBeNull();
        var allowed = old with { Metadata = old.Metadata.WithAnnotation("ovn.kubernetes.io/allow-disruption", "true") };
        NetworkReview.Check(input, inForce with { Subnet = allowed }, []).ShouldBeNull();
    }

    [Fact]
    public void Subnets_and_Vpcs_have_different_names()
    {
        NetworkReview.Check(new() { Subnet = Subnet("new", new() { CidrBlock = "10.0.1.0/24" }), VpcHasItsName = true }, null, [])!.Message.ShouldStartWith("metadata.name:");

        var vpc = new Vpc { Metadata = new() { Name = "other" } };
        NetworkReview.Check(vpc, Other)!.Others.Single().Name.ShouldBe("other");
        NetworkReview.Check(vpc, Deleting(Other)).ShouldBeNull();
        NetworkReview.Check(vpc, namesake: null).ShouldBeNull();
    }

    [Fact]
    public void Routes_and_policies_of_a_Vpc_can_be_read_and_every_slip_is_told()
    {
        var vpc = new Vpc
        {
            Metadata = new() { Name = "v" },
            Spec = new()
            {
                StaticRoutes = [new() { Cidr = "10.0.0.0/8", NextHopIP = "10.0.0.1" }, new() { Cidr = "10.0.0.0/8", NextHopIP = "fd00::1" }],
                PolicyRoutes = [new() { Priority = 99999, Match = "ip4", Action = "drop" }],
            },
        };

        var message = NetworkReview.Check(vpc, null)!.Message;
        message.ShouldContain("spec.staticRoutes[1].nextHopIP");
        message.ShouldContain("spec.policyRoutes[0].priority");
    }

    [Fact]
    public void The_tag_of_a_Vlan_is_its_own_in_a_provider_network()
    {
        var vlan = new Vlan { Metadata = new() { Name = "a" }, Spec = new() { Id = 7, Provider = "p" } };
        var other = vlan with { Metadata = new() { Name = "b", CreationTimestamp = DateTimeOffset.UnixEpoch } };

        NetworkReview.Check(vlan, [other], "p")!.Message.ShouldBe("spec.id: 7 of ProviderNetwork p is taken by Vlan b");
        NetworkReview.Check(vlan, [Deleting(other)], "p").ShouldBeNull();
        NetworkReview.Check(vlan, [other with { Spec = other.Spec with { Id = 8 } }], "p").ShouldBeNull();
        NetworkReview.Check(vlan with { Spec = vlan.Spec with { Id = 0 } }, [other with { Spec = other.Spec with { Id = 0 } }], "p").ShouldBeNull();
    }

    [Theory]
    [InlineData("twelve-chars", true)]
    [InlineData("thirteen-char", false)]
    public void The_bridge_of_a_provider_network_has_at_most_15_characters(string name, bool isFine) =>
        (NetworkReview.Check(new ProviderNetwork { Metadata = new() { Name = name } }) is null).ShouldBe(isFine);

    private static Objection? Check(Subnet subnet, Subnet? other = null) =>
        NetworkReview.Check(new() { Subnet = subnet, Siblings = [other ?? Other] }, null, []);

    private static T Deleting<T>(T item)
        where T : KubeObject =>
        (T)(item with { Metadata = item.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } });

    private static Subnet Subnet(string name, SubnetSpec spec) =>
        new() { Metadata = new() { Name = name, CreationTimestamp = DateTimeOffset.UnixEpoch }, Spec = spec };
}
