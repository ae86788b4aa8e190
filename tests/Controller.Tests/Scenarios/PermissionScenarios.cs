using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>A tenant who may write pods in a namespace, and asks for what is others' by annotation.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class PermissionScenarios(ApiServerFixture server)
{
    private const string Tenant = "tenant-b";
    private static readonly PodAnnotations Keys = PodAnnotations.Default;

    [Fact]
    public async Task Annotations_give_nothing_that_is_others()
    {
        await using var world = await StartAsync();
        await world.CreateAsync(CoreResources.Pods, Pod("into-a1", (Keys.LogicalSwitch, "a1")));
        await world.CreateAsync(CoreResources.Pods, Pod("into-join", (Keys.LogicalSwitch, "join")));
        await world.CreateAsync(CoreResources.Pods, Pod("into-wire", (Keys.LogicalSwitch, "external204"), (Keys.IpAddress, "10.5.204.150")));
        await world.CreateAsync(CoreResources.Pods, Pod("held-back", (Keys.IpAddress, "192.168.1.5")));
        await world.CreateAsync(CoreResources.Pods, Pod("held-back-pool", (Keys.IpPool, "192.168.1.5,192.168.1.6")));
        await world.CreateAsync(CoreResources.Pods, Pod("with-mac", (Keys.MacAddress, world.Port("victim.tenant-b")!.Addresses[0].Split(' ')[0])));

        await world.EventuallyToldAsync(
            "into-a1", "NotPermitted", $"{Keys.LogicalSwitch}: Subnet \"a1\" is for other namespaces than \"tenant-b\" (spec.namespaces, spec.namespaceSelectors)", Tenant);
        await world.EventuallyToldAsync("into-join", "NotPermitted", $"{Keys.LogicalSwitch}: Subnet \"join\" is for nodes only", Tenant);
        await world.EventuallyToldAsync(
            "into-wire",
            "NotPermitted",
            $"{Keys.LogicalSwitch}: Subnet \"external204\" is a physical network, and does not name namespace \"tenant-b\" in spec.namespaces",
            Tenant);
        await world.EventuallyToldAsync("held-back", "NotPermitted", $"{Keys.IpAddress}: 192.168.1.5 is held back by spec.excludeIps of Subnet \"b1\"", Tenant);
        await world.EventuallyToldAsync("held-back-pool", "NotPermitted", $"{Keys.IpPool}: 192.168.1.6 is held back by spec.excludeIps of Subnet \"b1\"", Tenant);
        await world.EventuallyToldAsync(
            "with-mac", "Conflict", $"{Keys.MacAddress}: {world.Port("victim.tenant-b")!.Addresses[0].Split(' ')[0]} is taken by IP/victim.tenant-b", Tenant);
        (await world.Kube.ListAsync(SluiceResources.Ips)).Items.Select(ip => ip.Metadata.Name).ShouldBe(["victim.tenant-b"]);
    }

    [Fact]
    public async Task Annotations_that_the_controller_did_not_write_count_for_nothing()
    {
        await using var world = await StartAsync();
        await world.CreateAsync(CoreResources.Pods, Pod("thief", (Keys.LogicalSwitch, "nowhere")));
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("theirs"));
        var eip = await world.EventuallyAsync(SluiceResources.OvnEips, "theirs", eip => eip.Status?.V4Ip is not null);
        await world.StopControllerAsync();

        // The pod is older than what it is after.
        await server.KubectlAsync(
            ["annotate", "pod", "thief", "-n", Tenant, "--overwrite", .. Forged("external204", eip.Status!.V4Ip!).Select(annotation => $"{annotation.Key}={annotation.Value}")]);
        await world.CreateAsync(CoreResources.Pods, Pod("guest", Forged("a1", "192.168.0.77")));
        await world.StartControllerAsync();

        await world.EventuallyToldAsync(
            "guest", "NotPermitted", $"{Keys.LogicalSwitch}: Subnet \"a1\" is for other namespaces than \"tenant-b\" (spec.namespaces, spec.namespaceSelectors)", Tenant);
        await world.EventuallyToldAsync(
            "thief",
            "NotPermitted",
            $"{Keys.LogicalSwitch}: Subnet \"external204\" is a physical network, and does not name namespace \"tenant-b\" in spec.namespaces",
            Tenant);
        (await world.Kube.GetAsync(SluiceResources.OvnEips, null, "theirs")).Status!.V4Ip.ShouldBe(eip.Status.V4Ip);
        world.Port("thief.tenant-b").ShouldBeNull();
        world.Port("guest.tenant-b").ShouldBeNull();
        await Eventually.HoldsAsync(
            async () => (await world.Kube.GetAsync(SluiceResources.Subnets, null, "a1")).Status!.V4UsingIPs == 0, () => "", "nothing stays set aside for it");
    }

    [Fact]
    public async Task A_port_is_made_again_from_what_the_database_shows()
    {
        await using var world = await StartAsync();
        var port = world.Port("victim.tenant-b")!;
        await world.StopControllerAsync();
        await server.KubectlAsync("patch", "ip", "victim.tenant-b", "--type=merge", "-p", """{"metadata":{"finalizers":null}}""");
        await world.DeleteAsync(SluiceResources.Ips, "victim.tenant-b");
        await world.StartControllerAsync();

        var ip = await world.EventuallyAsync(SluiceResources.Ips, "victim.tenant-b", ip => ip.Spec.MacAddress is not null);
        port.Addresses.ShouldBe([$"{ip.Spec.MacAddress} {ip.Spec.V4IpAddress}"]);
        world.Port("victim.tenant-b")!.Addresses.ShouldBe(port.Addresses);
    }

    [Fact]
    public async Task A_pod_that_waits_for_permission_gets_its_port_when_it_comes()
    {
        await using var world = await StartAsync();
        await world.CreateAsync(CoreResources.Pods, Pod("by-subnet", (Keys.LogicalSwitch, "a1")));
        await world.CreateAsync(CoreResources.Pods, Pod("by-vpc", (Keys.LogicalSwitch, "a2")));
        await world.CreateAsync(CoreResources.Pods, Pod("by-annotation", (Keys.LogicalSwitch, "external204"), (Keys.IpAddress, "10.5.204.50")));
        await Idleness.WaitAsync(world, world.Controller);

        await world.ChangeAsync(SluiceResources.Vpcs, "vpc-a", vpc => vpc with { Spec = vpc.Spec with { Namespaces = ["tenant-a", Tenant] } });
        await world.EventuallyAllocatedAsync("by-vpc", Tenant);
        await world.ChangeAsync(SluiceResources.Subnets, "a1", subnet => subnet with { Spec = subnet.Spec with { Namespaces = ["tenant-a", Tenant] } });
        await world.EventuallyAllocatedAsync("by-subnet", Tenant);
        await server.KubectlAsync("annotate", "subnet", "external204", $"{Names.Annotations.PermittedNamespaces}=tenant-c,{Tenant}");
        await world.EventuallyAllocatedAsync("by-annotation", Tenant);
        world.Port("by-annotation.tenant-b")!.Addresses[0].ShouldEndWith(" 10.5.204.50");

        // What has a port keeps it, and is told that it would not get it again.
        await server.KubectlAsync("annotate", "subnet", "external204", $"{Names.Annotations.PermittedNamespaces}-");
        await world.EventuallyToldAsync(
            "by-annotation",
            "NotPermitted",
            $"keeps its port, but would not get it again: {Keys.LogicalSwitch}: Subnet \"external204\" is a physical network, "
            + "and does not name namespace \"tenant-b\" in spec.namespaces",
            Tenant);
        world.Port("by-annotation.tenant-b")!.Addresses[0].ShouldEndWith(" 10.5.204.50");
        await world.RestartControllerAsync();
        await world.Controller.SettleAsync();
        world.Port("by-annotation.tenant-b")!.Addresses[0].ShouldEndWith(" 10.5.204.50");
    }

    [Fact]
    public async Task What_an_operator_reserves_needs_no_permission()
    {
        await using var world = await StartAsync();
        await world.CreateAsync(SluiceResources.Ips, new Ip
        {
            Metadata = new() { Name = "chosen.tenant-b" },
            Spec = new() { PodName = "chosen", Namespace = Tenant, Subnet = "external204", V4IpAddress = "10.5.204.50" },
        });
        await world.EventuallyAsync(SluiceResources.Ips, "chosen.tenant-b", ip => ip.Spec.MacAddress is not null);

        await world.CreateAsync(CoreResources.Pods, Pod("chosen", (Keys.LogicalSwitch, "external204"), (Keys.IpAddress, "10.5.204.50")));
        await world.EventuallyAllocatedAsync("chosen", Tenant);
        world.Port("chosen.tenant-b")!.Addresses[0].ShouldEndWith(" 10.5.204.50");
    }

    [Fact]
    public async Task Without_permissions_annotations_give_what_they_name()
    {
        await using var world = await StartAsync(new ControllerOptions { ExternalGatewaySwitch = "external204", PodPermissions = PodPermissionModes.Open });
        await world.CreateAsync(CoreResources.Pods, Pod("into-a1", (Keys.LogicalSwitch, "a1")));
        await world.CreateAsync(CoreResources.Pods, Pod("held-back", (Keys.IpAddress, "192.168.1.5")));
        await world.CreateAsync(CoreResources.Pods, Pod("into-join", (Keys.LogicalSwitch, "join")));
        await world.EventuallyAllocatedAsync("into-a1", Tenant);
        await world.EventuallyAllocatedAsync("held-back", Tenant);
        await world.EventuallyToldAsync("into-join", "NotPermitted", $"{Keys.LogicalSwitch}: Subnet \"join\" is for nodes only", Tenant);
    }

    /// <summary>Two tenants with a VPC each, the external network, and a pod of the second.</summary>
    private async Task<World> StartAsync(ControllerOptions? options = null)
    {
        var world = await World.StartAsync(server, options);
        await world.CreateNamespaceAsync("tenant-a");
        await world.CreateNamespaceAsync(Tenant);
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc-a" }, Spec = new() { Namespaces = ["tenant-a"] } });
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc-b" }, Spec = new() { Namespaces = [Tenant] } });
        await world.CreateAsync(SluiceResources.Subnets, Subnet("a1", "vpc-a", "192.168.0.0/24", "tenant-a"));
        await world.CreateAsync(SluiceResources.Subnets, Subnet("a2", "vpc-a", "192.168.2.0/24"));
        await world.CreateAsync(SluiceResources.Subnets, Subnet("b1", "vpc-b", "192.168.1.0/24", Tenant));
        await world.CreateAsync(CoreResources.Pods, Pod("victim"));
        await world.EventuallyAllocatedAsync("victim", Tenant);
        return world;
    }

    private static Subnet Subnet(string name, string vpc, string cidr, params string[] namespaces) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { Vpc = vpc, CidrBlock = cidr, Namespaces = [.. namespaces], ExcludeIps = ["192.168.1.2..192.168.1.9"] },
    };

    private static Pod Pod(string name, params (string Key, string Value)[] annotations) => Objects.Pod(
        name, annotations: annotations.ToDictionary(annotation => annotation.Key, annotation => annotation.Value), ns: Tenant);

    private static (string Key, string Value)[] Forged(string subnet, string address) =>
        [(Keys.LogicalSwitch, subnet), (Keys.IpAddress, address), (Keys.MacAddress, "00:11:22:33:44:55"), (Keys.Allocated, "true"), (Keys.Routed, "true")];
}
