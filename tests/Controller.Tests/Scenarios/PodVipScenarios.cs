using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>Pods that take the addresses of a Vip, or carry them.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class PodVipScenarios(ApiServerFixture server)
{
    private static readonly PodAnnotations Keys = PodAnnotations.Default;

    [Fact]
    public async Task A_Vip_lends_its_addresses_to_one_pod_after_the_other()
    {
        await using var world = await World.StartAsync(server);
        var vip = await CreateVipAsync(world, "v-web", new() { Subnet = "ovn-default", V4ip = "10.16.0.200" });
        var address = $"{vip.Status!.Mac} 10.16.0.200";

        await world.CreateAsync(CoreResources.Pods, Taking("first", "v-web"));
        var first = await world.EventuallyAllocatedAsync("first");
        (first.Metadata.Annotation(Keys.IpAddress), first.Metadata.Annotation(Keys.MacAddress)).ShouldBe(("10.16.0.200", vip.Status.Mac));
        world.Port("first.default")!.Addresses.ShouldBe([address]);
        var ip = await world.Kube.GetAsync(SluiceResources.Ips, null, "first.default");
        (ip.Spec.V4IpAddress, ip.Spec.MacAddress, ip.Metadata.Annotation(Keys.Vip)).ShouldBe(("10.16.0.200", vip.Status.Mac, "v-web"));
        await world.EventuallyAsync(SluiceResources.Vips, "v-web", item => item.Metadata.Label(Names.Labels.IpReserved) == "first.default");

        await world.CreateAsync(CoreResources.Pods, Taking("second", "v-web"));
        await world.EventuallyToldAsync("second", "Conflict", $"{Keys.Vip}: Vip \"v-web\" is used by IP/first.default");
        world.Port("second.default").ShouldBeNull();

        // Who comes later than the controller's restart does not have it either.
        await world.RestartControllerAsync();
        await world.Controller.SettleAsync();
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("other"));
        (await world.EventuallyAllocatedAsync("other")).Metadata.Annotation(Keys.IpAddress).ShouldNotBe("10.16.0.200");
        world.Port("first.default")!.Addresses.ShouldBe([address]);

        // A Vip that a pod lives by stays until the pod is gone.
        await world.DeleteAsync(CoreResources.Pods, "first", "default");
        await world.EventuallyAllocatedAsync("second");
        world.Port("second.default")!.Addresses.ShouldBe([address]);
        world.Port("first.default").ShouldBeNull();
        await world.EventuallyAsync(SluiceResources.Vips, "v-web", item => item.Metadata.Label(Names.Labels.IpReserved) == "second.default");
        await world.DeleteAsync(SluiceResources.Vips, "v-web");
        await world.EventuallyAsync(
            SluiceResources.Vips, "v-web", item => item.Status?.Conditions.Find(ConditionTypes.Ready)?.Message == "to be deleted once it is no longer used by IP second.default");
        world.Port("second.default")!.Addresses.ShouldBe([address]);
        await world.DeleteAsync(CoreResources.Pods, "second", "default");
        await world.EventuallyGoneAsync(SluiceResources.Vips, "v-web");
        await world.EventuallyGoneAsync(SluiceResources.Ips, "second.default");
    }

    [Fact]
    public async Task A_pod_waits_for_a_Vip_that_it_cannot_have_yet()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateNamespaceAsync("tenant-a");
        await world.CreateAsync(SluiceResources.Subnets, new Subnet { Metadata = new() { Name = "elsewhere" }, Spec = new() { CidrBlock = "10.77.0.0/24" } });
        await CreateVipAsync(world, "v-elsewhere", new() { Subnet = "elsewhere" });
        await CreateVipAsync(world, "v-foreign", new() { Subnet = "ovn-default", Namespace = "tenant-a" });
        await CreateVipAsync(world, "v-choosy", new() { Subnet = "ovn-default", Selector = ["app: web"] });
        await CreateVipAsync(world, "v-host", new() { Subnet = "ovn-default", Namespace = "default", Type = "kube_host_vm_vip" });
        await world.CreateAsync(SluiceResources.Vips, new Vip { Metadata = new() { Name = "v-full" }, Spec = new() { Subnet = "ovn-default", V4ip = "10.99.0.1" } });

        foreach (var vip in (string[])["missing", "elsewhere", "foreign", "choosy", "host", "full"])
            await world.CreateAsync(CoreResources.Pods, Taking(vip, $"v-{vip}"));
        await world.EventuallyToldAsync("missing", "ValidatePodNetworkFailed", $"{Keys.Vip}: Vip \"v-missing\" does not exist");
        await world.EventuallyToldAsync(
            "elsewhere", "ValidatePodNetworkFailed", $"{Keys.Vip}: Vip \"v-elsewhere\" is in Subnet \"elsewhere\", and the pod may be in \"ovn-default\"");
        await world.EventuallyToldAsync("foreign", "NotPermitted", $"{Keys.Vip}: Vip \"v-foreign\" is for namespace \"tenant-a\" (spec.namespace)");
        await world.EventuallyToldAsync("choosy", "NotPermitted", $"{Keys.Vip}: Vip \"v-choosy\" does not select the pod (spec.selector)");
        await world.EventuallyToldAsync("host", "ValidatePodNetworkFailed", $"{Keys.Vip}: Vip \"v-host\" of type kube_host_vm_vip has a port of its own");
        await world.EventuallyToldAsync("full", "AcquireAddressFailed", $"{Keys.Vip}: Vip \"v-full\" has no address yet");
        (await world.Kube.ListAsync(SluiceResources.Ips)).Items.ShouldBeEmpty();

        // Each comes as soon as what it waits for does.
        await CreateVipAsync(world, "v-missing", new() { Subnet = "ovn-default" });
        await world.ChangeAsync(SluiceResources.Vips, "v-foreign", vip => vip with { Spec = vip.Spec with { Namespace = "default" } });
        await world.ChangeAsync(SluiceResources.Vips, "v-full", vip => vip with { Spec = vip.Spec with { V4ip = "10.16.0.123" } });
        await world.EventuallyAllocatedAsync("missing");
        await world.EventuallyAllocatedAsync("foreign");
        (await world.EventuallyAllocatedAsync("full")).Metadata.Annotation(Keys.IpAddress).ShouldBe("10.16.0.123");
        await Eventually.HoldsAsync(() => world.Port("v-foreign") is null, "the pod's port answers for a Vip that has a port of its own otherwise");
        await world.CreateAsync(CoreResources.Pods, Taking("there", "v-elsewhere", (Keys.LogicalSwitch, "elsewhere")));
        await world.EventuallyAllocatedAsync("there");
    }

    [Fact]
    public async Task Port_security_has_room_for_Vips_that_are_meant_for_the_pod_only()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateNamespaceAsync("tenant-a");
        await world.CreateNamespaceAsync("tenant-b");
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc1" }, Spec = new() { Namespaces = ["tenant-a", "tenant-b"] } });
        await world.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = new() { Name = "inner" },
            Spec = new() { Vpc = "vpc1", CidrBlock = "192.168.0.0/24", Namespaces = ["tenant-a", "tenant-b"] },
        });
        await CreateVipAsync(world, "v-db", new() { Subnet = "inner", Namespace = "tenant-a", V4ip = "192.168.0.200", Selector = ["app: db"] });

        await world.CreateAsync(CoreResources.Pods, Carrying("evil", "tenant-b"));
        await world.CreateAsync(CoreResources.Pods, Carrying("honest", "tenant-a"));
        await world.EventuallyToldAsync("evil", "NotPermitted", $"{Keys.AllowedAddressPairs}: Vip \"v-db\" is for namespace \"tenant-a\" (spec.namespace)", "tenant-b");
        await Eventually.HoldsAsync(() => Security("honest.tenant-a").EndsWith(" 192.168.0.200", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => world.Port("evil.tenant-b") is not null);
        Security("evil.tenant-b").ShouldBe(world.Port("evil.tenant-b")!.Addresses[0]);

        await server.KubectlAsync("label", "pod", "honest", "-n", "tenant-a", "app-");
        await Eventually.HoldsAsync(() => Security("honest.tenant-a") == world.Port("honest.tenant-a")!.Addresses[0]);
        await server.KubectlAsync("label", "pod", "honest", "-n", "tenant-a", "app=db");
        await Eventually.HoldsAsync(() => Security("honest.tenant-a").EndsWith(" 192.168.0.200", StringComparison.Ordinal));
        await world.ChangeAsync(SluiceResources.Vips, "v-db", vip => vip with { Spec = vip.Spec with { Namespace = "tenant-b" } });
        await Eventually.HoldsAsync(() => Security("honest.tenant-a") == world.Port("honest.tenant-a")!.Addresses[0]);
        await Eventually.HoldsAsync(() => Security("evil.tenant-b").EndsWith(" 192.168.0.200", StringComparison.Ordinal), "the operator gave it away");

        string Security(string port) => string.Join(';', world.Port(port)?.PortSecurity ?? []);

        static Pod Carrying(string name, string ns)
        {
            var pod = Objects.Pod(name, annotations: new Dictionary<string, string> { [Keys.PortSecurity] = "true", [Keys.AllowedAddressPairs] = "v-db" }, ns: ns);
            return pod with { Metadata = pod.Metadata with { Labels = new Dictionary<string, string> { ["app"] = "db" } } };
        }
    }

    [Fact]
    public async Task The_subnet_of_the_nodes_has_no_address_for_a_Vip()
    {
        await using var world = await World.StartAsync(server);
        foreach (var (name, v4) in ((string, string?)[])[("any", null), ("one", "100.64.0.9")])
        {
            await world.CreateAsync(SluiceResources.Vips, new Vip { Metadata = new() { Name = name }, Spec = new() { Subnet = "join", V4ip = v4 } });
            await world.EventuallyAsync(
                SluiceResources.Vips,
                name,
                vip => vip.Status?.Conditions.Find(ConditionTypes.Ready) is { Status: "False", Message: "spec.subnet: Subnet \"join\" is for nodes only" });
        }
        (await world.Kube.GetAsync(SluiceResources.Subnets, null, "join")).Status!.V4UsingIPs.ShouldBe(0);
    }

    private static async Task<Vip> CreateVipAsync(World world, string name, VipSpec spec)
    {
        await world.CreateAsync(SluiceResources.Vips, new Vip { Metadata = new() { Name = name }, Spec = spec });
        return await world.EventuallyAsync(SluiceResources.Vips, name, vip => vip.Status?.Ready == true);
    }

    private static Pod Taking(string name, string vip, params (string Key, string Value)[] others) => Objects.Pod(
        name, annotations: new Dictionary<string, string>(others.Select(other => KeyValuePair.Create(other.Key, other.Value))) { [Keys.Vip] = vip });
}
