using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Admission;

/// <summary>What a real API server refuses because the controller says so, and what it does not.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class ReviewScenarios(ReviewedWorld world) : IClassFixture<ReviewedWorld>
{
    [Fact]
    public async Task What_can_never_work_is_not_created()
    {
        var missed = new List<string>();
        await RefusedAsync(SluiceResources.ProviderNetworks, WebhookFixture.TooLong, "metadata.name");
        await RefusedAsync(SluiceResources.Vlans, new() { Metadata = New, Spec = new() { Id = 204, Provider = "external204" } }, "spec.id", "Vlan vlan204");
        await RefusedAsync(SluiceResources.Subnets, ReviewedWorld.InternalSubnet("new", "10.0.1.128/25"), "spec.cidrBlock", "Subnet s1");
        await RefusedAsync(SluiceResources.Subnets, ReviewedWorld.InternalSubnet("new", "10.0.2.0/33"), "spec.cidrBlock");
        await RefusedAsync(SluiceResources.Subnets, ReviewedWorld.InternalSubnet("v1", "10.0.2.0/24"), "metadata.name");
        await RefusedAsync(SluiceResources.Vpcs, new() { Metadata = new() { Name = "s1" } }, "metadata.name");
        await RefusedAsync(
            SluiceResources.Vpcs, new() { Metadata = New, Spec = new() { StaticRoutes = [new() { Cidr = "10.0.0.0/8", NextHopIP = "fd00::1" }] } }, "spec.staticRoutes[0].nextHopIP");
        await RefusedAsync(SluiceResources.OvnEips, Objects.Eip("new", "10.6.0.1"), "spec.v4Ip", "10.6.0.1");
        await RefusedAsync(SluiceResources.Vips, ReviewedWorld.Vip("new", "10.5.204.150"), "spec.v4ip");
        await RefusedAsync(SluiceResources.Ips, new() { Metadata = New, Spec = new() { Subnet = "s1", IpAddress = "10.0.1.x" } }, "spec.ipAddress");
        await RefusedAsync(SluiceResources.OvnFips, ReviewedWorld.Fip("new", ""), "spec.ovnEip");
        await RefusedAsync(SluiceResources.OvnSnatRules, new() { Metadata = New, Spec = new() { OvnEip = "e1", Vpc = "v1", V4IpCidr = "10.0.1.0/240" } }, "spec.v4IpCidr");
        await RefusedAsync(
            SluiceResources.OvnDnatRules,
            new() { Metadata = New, Spec = new() { OvnEip = "e1", IpName = "p1", IpType = IpTypes.Vip, ExternalPort = "70000", InternalPort = "80", Protocol = "tcp" } },
            "spec.externalPort");
        missed.ShouldBeEmpty();

        async Task RefusedAsync<T>(ResourceType<T> type, T item, params string[] words)
            where T : KubeObject
        {
            try
            {
                await world.Kube.CreateAsync(type, item);
                missed.Add($"{type.Kind}: {words[0]}");
            }
            catch (KubeException e) when (e.IsInvalid)
            {
                foreach (var word in words) e.Message.ShouldContain(word);
            }
        }
    }

    [Fact]
    public async Task A_new_object_comes_with_finalizer_and_labels_and_its_metadata_is_not_written_again()
    {
        var before = world.MetadataWrites("OvnEip");
        var eip = await world.Kube.CreateAsync(SluiceResources.OvnEips, Objects.Eip("ready", "10.5.204.180"));
        eip.Metadata.Finalizers.ShouldBe([Names.Finalizer]);
        eip.Metadata.Label(Names.Labels.EipV4Ip).ShouldBe("10.5.204.180");
        eip.Metadata.Label(Names.Labels.Subnet).ShouldBe("external204");
        await world.EventuallyAsync(SluiceResources.OvnEips, "ready", found => found.Status?.Ready == true);
        world.MetadataWrites("OvnEip").ShouldBe(before);

        var rule = await world.Kube.CreateAsync(SluiceResources.OvnFips, ReviewedWorld.Fip("ready", "e1"));
        rule.Metadata.Finalizers.ShouldBe([Names.Finalizer]);
        rule.Metadata.Annotation(Names.Annotations.VpcEip).ShouldBe("e1");
        rule.Metadata.Label(Names.Labels.EipV4Ip).ShouldNotBeNullOrEmpty();

        await world.Kube.DeleteAsync(SluiceResources.OvnFips, null, "ready");
    }

    [Fact]
    public async Task One_that_does_not_ask_for_an_address_is_given_one_before_it_is_stored_and_so_is_its_rule()
    {
        var before = (world.MetadataWrites("OvnEip"), world.MetadataWrites("OvnFip"));
        var eip = await world.Kube.CreateAsync(SluiceResources.OvnEips, Objects.Eip("given"));
        var address = eip.Metadata.Label(Names.Labels.EipV4Ip);
        address.ShouldNotBeNullOrEmpty();

        // At once: its status is not stored, and may not even have been seen.
        var rule = await world.Kube.CreateAsync(SluiceResources.OvnFips, ReviewedWorld.Fip("given", "given"));
        rule.Metadata.Label(Names.Labels.EipV4Ip).ShouldBe(address);

        await world.EventuallyAsync(SluiceResources.OvnEips, "given", found => found.Status is { Ready: true } status && status.V4Ip == address);
        await world.EventuallyAsync(SluiceResources.OvnFips, "given", found => found.Status is not null);
        (world.MetadataWrites("OvnEip"), world.MetadataWrites("OvnFip")).ShouldBe(before);
        await world.Kube.DeleteAsync(SluiceResources.OvnFips, null, "given");
        await world.Kube.DeleteAsync(SluiceResources.OvnEips, null, "given");
    }

    [Fact]
    public async Task What_can_not_change_stays()
    {
        (await world.ChangeAsync(SluiceResources.OvnEips, "e1", eip => eip with { Spec = eip.Spec with { ExternalSubnet = "s1" } })).ShouldContain("spec.externalSubnet");
        (await world.ChangeAsync(SluiceResources.OvnEips, "e1", eip => eip with { Spec = eip.Spec with { Type = EipTypes.Lrp } })).ShouldContain("spec.type");
        (await world.ChangeAsync(SluiceResources.Subnets, "s1", subnet => subnet with { Spec = subnet.Spec with { CidrBlock = "10.0.9.0/24", Gateway = "10.0.9.1", ExcludeIps = [] } }))
            .ShouldContain("Vip p1");

        // What is not held up: another description of the same, labels, and a field that may change.
        (await world.ChangeAsync(SluiceResources.OvnEips, "e1", eip => eip with { Metadata = eip.Metadata with { Annotations = Annotated(eip.Metadata) } })).ShouldBeEmpty();
        (await world.ChangeAsync(SluiceResources.Subnets, "s1", subnet => subnet with { Spec = subnet.Spec with { Private = true } })).ShouldBeEmpty();
        (await world.ChangeAsync(SluiceResources.OvnFips, "f1", rule => rule with { Spec = rule.Spec with { OvnEip = "later" } })).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_in_use_is_not_deleted_and_the_referrers_are_named()
    {
        (await world.DeletionAsync(SluiceResources.OvnEips, "e1")).ShouldContain("OvnEip \"e1\" is in use by OvnFip f1");
        (await world.DeletionAsync(SluiceResources.Vips, "p1")).ShouldContain("OvnFip f1");
        (await world.DeletionAsync(SluiceResources.Subnets, "s1")).ShouldContain("Vip p1");
        (await world.DeletionAsync(SluiceResources.Subnets, "external204")).ShouldContain("OvnEip e1");
        (await world.DeletionAsync(SluiceResources.Vlans, "vlan204")).ShouldContain("Subnet external204");
        (await world.DeletionAsync(SluiceResources.ProviderNetworks, "external204")).ShouldContain("Vlan vlan204");
        (await world.DeletionAsync(SluiceResources.Vpcs, "v1")).ShouldContain("Subnet s1");

        await world.Kube.CreateAsync(SluiceResources.Ips, new Ip { Metadata = new() { Name = "i1" }, Spec = new() { Subnet = "s1" } });
        await world.Kube.CreateAsync(SluiceResources.OvnSnatRules, new OvnSnatRule { Metadata = new() { Name = "r1" }, Spec = new() { OvnEip = "e1", IpName = "i1" } });
        // The first attempt may come before the rule does.
        await Eventually.HoldsAsync(async () => await world.WouldRefuseDeletionAsync("ip/i1", "OvnSnatRule r1"), () => "", "the IP is in use");
    }

    [Fact]
    public async Task Objects_may_come_in_any_order()
    {
        await world.Kube.CreateAsync(SluiceResources.OvnFips, ReviewedWorld.Fip("f2", "none-yet"));
        await world.Kube.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e2", subnet: "none-yet"));
        await world.Kube.CreateAsync(SluiceResources.Vlans, new Vlan { Metadata = new() { Name = "w" }, Spec = new() { Id = 7, Provider = "none-yet" } });
        await world.Kube.CreateAsync(SluiceResources.Subnets, ReviewedWorld.InternalSubnet("s2", "10.0.2.0/24") with { Spec = new() { CidrBlock = "10.0.2.0/24", Vpc = "none-yet" } });
        await world.Kube.CreateAsync(SluiceResources.Vips, ReviewedWorld.Vip("p2") with { Spec = new() { Subnet = "none-yet" } });
    }

    private static ObjectMeta New => new() { Name = "new" };

    private static Dictionary<string, string> Annotated(ObjectMeta metadata) => new(metadata.Annotations ?? new Dictionary<string, string>()) { ["a"] = "b" };
}
