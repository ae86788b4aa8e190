using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Tests.Scenarios;

[Collection(ScenarioCollection.Name)]
public sealed class PortScenarios(ApiServerFixture server)
{
    private static readonly PodAnnotations Keys = PodAnnotations.Default;

    [Fact]
    public async Task A_node_gets_a_port_in_the_join_subnet()
    {
        await using var world = await World.StartAsync(server);

        await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-1", "172.18.0.2"));
        var node = await world.EventuallyAsync(CoreResources.Nodes, "pc-node-1", node => node.Metadata.Annotation(Keys.Allocated) == "true");

        var ip = await world.Kube.GetAsync(SluiceResources.Ips, null, "node-pc-node-1");
        (ip.Spec.V4IpAddress, ip.Spec.Subnet, ip.Spec.PodName, ip.Spec.Namespace, ip.Spec.NodeName).ShouldBe(
            ("100.64.0.2", "join", "pc-node-1", "", "pc-node-1"));
        node.Metadata.Annotation(Keys.IpAddress).ShouldBe("100.64.0.2");
        node.Metadata.Annotation(Keys.MacAddress).ShouldBe(ip.Spec.MacAddress);
        node.Metadata.Annotation(Keys.Cidr).ShouldBe("100.64.0.0/16");
        node.Metadata.Annotation(Keys.Gateway).ShouldBe("100.64.0.1");
        node.Metadata.Annotation(Keys.LogicalSwitch).ShouldBe("join");
        node.Metadata.Annotation(Names.Annotations.PortName).ShouldBe("node-pc-node-1");
        world.Port("node-pc-node-1")!.Addresses.ShouldBe([$"{ip.Spec.MacAddress} 100.64.0.2"]);

        await world.DeleteAsync(CoreResources.Nodes, "pc-node-1");
        await world.EventuallyGoneAsync(SluiceResources.Ips, "node-pc-node-1");
        world.Port("node-pc-node-1").ShouldBeNull();
    }

    [Fact]
    public async Task A_pod_gets_an_address_of_its_namespace_s_subnet_and_gives_it_back()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(CoreResources.Nodes, Objects.Node("pc-node-1", "172.18.0.2"));

        await world.CreateAsync(CoreResources.Pods, Objects.Pod("web", "pc-node-1"));
        var pod = await world.EventuallyAsync(CoreResources.Pods, "web", pod => pod.Metadata.Annotation(Keys.Routed) == "true", "default");

        var ip = await world.Kube.GetAsync(SluiceResources.Ips, null, "web.default");
        (ip.Spec.V4IpAddress, ip.Spec.Subnet, ip.Spec.PodName, ip.Spec.Namespace, ip.Spec.NodeName).ShouldBe(
            ("10.16.0.2", "ovn-default", "web", "default", "pc-node-1"));
        pod.Metadata.Annotation(Keys.IpAddress).ShouldBe("10.16.0.2");
        pod.Metadata.Annotation(Keys.MacAddress).ShouldBe(ip.Spec.MacAddress);
        pod.Metadata.Annotation(Keys.Allocated).ShouldBe("true");
        pod.Metadata.Annotation(Keys.LogicalRouter).ShouldBe("ovn-cluster");
        pod.Metadata.Annotation(Keys.PodNicType).ShouldBe("veth-pair");
        var port = world.Port("web.default")!;
        port.Addresses.ShouldBe([$"{ip.Spec.MacAddress} 10.16.0.2"]);
        (port.ExternalIds["ls"], port.ExternalIds["pod"], port.ExternalIds["vendor"]).ShouldBe(("ovn-default", "default/web", "kube-ovn"));
        world.Northbound.Current.ByName<PortGroup>("ovn.default.pc.node.1").ShouldNotBeNull();

        await world.DeleteAsync(CoreResources.Pods, "web", "default");
        await world.EventuallyGoneAsync(SluiceResources.Ips, "web.default");
        world.Port("web.default").ShouldBeNull();

        await world.CreateAsync(CoreResources.Pods, Objects.Pod("next"));
        var next = await world.EventuallyAsync(CoreResources.Pods, "next", pod => pod.Metadata.Annotation(Keys.Allocated) == "true", "default");
        next.Metadata.Annotation(Keys.IpAddress).ShouldBe("10.16.0.3", "a released address comes last");
        next.Metadata.Annotation(Keys.Routed).ShouldBeNull("it is on no node yet");
    }

    /// <summary>Objects of different kinds are also heard of in another order than they are made.</summary>
    [Fact]
    public async Task A_pod_waits_for_the_subnet_that_it_names()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("early", annotations: new Dictionary<string, string> { [Keys.LogicalSwitch] = "late" }));
        await Idleness.WaitAsync(world, world.Controller);

        await world.CreateAsync(SluiceResources.Subnets, new Subnet { Metadata = new() { Name = "late" }, Spec = new() { CidrBlock = "10.77.0.0/24", Gateway = "10.77.0.1" } });

        var pod = await world.EventuallyAsync(CoreResources.Pods, "early", pod => pod.Metadata.Annotation(Keys.Allocated) == "true", "default");
        pod.Metadata.Annotation(Keys.IpAddress).ShouldBe("10.77.0.2");
    }

    [Fact]
    public async Task A_pod_may_ask_for_an_address_and_a_reservation_waits_for_its_pod()
    {
        await using var world = await World.StartAsync(server);

        await world.CreateAsync(CoreResources.Pods, Objects.Pod("asks", annotations: new Dictionary<string, string> { [Keys.IpAddress] = "10.16.3.4" }));
        await world.EventuallyAsync(CoreResources.Pods, "asks", pod => pod.Metadata.Annotation(Keys.Allocated) == "true", "default");
        world.Port("asks.default")!.Addresses[0].ShouldEndWith(" 10.16.3.4");

        await world.CreateAsync(SluiceResources.Ips, new Ip
        {
            Metadata = new() { Name = "later.default" },
            Spec = new() { PodName = "later", Namespace = "default", Subnet = "ovn-default", IpAddress = "10.16.9.9" },
        });
        var reserved = await world.EventuallyAsync(SluiceResources.Ips, "later.default", ip => ip.Metadata.Label(Names.Labels.IpReserved) == "true");
        (reserved.Spec.V4IpAddress, reserved.Spec.V6IpAddress).ShouldBe(("10.16.9.9", ""));

        await world.CreateAsync(CoreResources.Pods, Objects.Pod("later"));
        await world.EventuallyAsync(CoreResources.Pods, "later", pod => pod.Metadata.Annotation(Keys.IpAddress) == "10.16.9.9", "default");
        await world.DeleteAsync(CoreResources.Pods, "later", "default");
        await Eventually.HoldsAsync(() => world.Port("later.default") is null);
        await world.Controller.SettleAsync();
        (await world.Kube.GetAsync(SluiceResources.Ips, null, "later.default")).Metadata.IsDeleting.ShouldBeFalse();

        await world.DeleteAsync(SluiceResources.Ips, "later.default");
        await world.EventuallyGoneAsync(SluiceResources.Ips, "later.default");
    }

    [Fact]
    public async Task What_somebody_changes_in_the_database_is_repaired()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("web"));
        await world.EventuallyAsync(CoreResources.Pods, "web", pod => pod.Metadata.Annotation(Keys.Allocated) == "true", "default");
        var before = world.Port("web.default")!;

        await world.NbctlAsync("lsp-set-addresses", "web.default", "00:00:00:00:00:01 10.16.0.77");
        await Eventually.HoldsAsync(() => world.Port("web.default")!.Addresses.Equals(before.Addresses));
        await world.NbctlAsync("lsp-del", "web.default");
        await Eventually.HoldsAsync(() => world.Port("web.default") is not null);
        await world.NbctlAsync("ls-del", "ovn-default");
        await Eventually.HoldsAsync(() => world.Port("web.default") is not null);
    }

    [Fact]
    public async Task A_set_keeps_the_addresses_of_its_pods()
    {
        await using var world = await World.StartAsync(server);
        await server.KubectlAsync("create", "-f", Path.Combine(ApiServerFixture.Repository(), "tests/Controller.Tests/Scenarios/statefulset.yaml"));
        var set = await world.Kube.GetAsync(CoreResources.StatefulSets, "default", "db");
        await world.CreateAsync(CoreResources.Pods, PodOf(set, "db-1"));
        var ip = await world.EventuallyAsync(SluiceResources.Ips, "db-1.default", ip => ip.Spec.PodType == "StatefulSet");

        await world.DeleteAsync(CoreResources.Pods, "db-1", "default");
        await Eventually.HoldsAsync(() => world.Port("db-1.default") is null);
        await world.Controller.SettleAsync();
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("other"));
        await world.CreateAsync(CoreResources.Pods, PodOf(set, "db-1"));
        var again = await world.EventuallyAsync(CoreResources.Pods, "db-1", pod => pod.Metadata.Annotation(Keys.Allocated) == "true", "default");
        again.Metadata.Annotation(Keys.IpAddress).ShouldBe(ip.Spec.V4IpAddress);

        await world.DeleteAsync(CoreResources.Pods, "db-1", "default");
        await server.KubectlAsync("scale", "statefulset", "db", "--replicas=1");
        await world.EventuallyGoneAsync(SluiceResources.Ips, "db-1.default");
    }

    [Fact]
    public async Task A_pod_that_the_pool_of_its_set_has_no_address_for_waits()
    {
        await using var world = await World.StartAsync(server);
        await server.KubectlAsync("create", "-f", Path.Combine(ApiServerFixture.Repository(), "tests/Controller.Tests/Scenarios/statefulset.yaml"));
        var set = await world.Kube.GetAsync(CoreResources.StatefulSets, "default", "db");
        await world.CreateAsync(CoreResources.Pods, PodOf(set, "db-0", pool: "10.16.5.1,10.16.5.2"));
        await world.CreateAsync(CoreResources.Pods, PodOf(set, "db-1", pool: "10.16.5.1,10.16.5.2"));
        await world.CreateAsync(CoreResources.Pods, PodOf(set, "db-2", pool: "10.16.5.1,10.16.5.2"));

        await world.EventuallyToldAsync(
            "db-2", "AcquireAddressFailed", $"{Keys.IpPool}: has no address for pod 2 of StatefulSet \"db\", only for 0 to 1");
        (await world.EventuallyAllocatedAsync("db-0")).Metadata.Annotation(Keys.IpAddress).ShouldBe("10.16.5.1");
        (await world.EventuallyAllocatedAsync("db-1")).Metadata.Annotation(Keys.IpAddress).ShouldBe("10.16.5.2");
        world.Port("db-2.default").ShouldBeNull();
        (await world.Kube.FindAsync(SluiceResources.Ips, null, "db-2.default")).ShouldBeNull();

        await world.DeleteAsync(CoreResources.Pods, "db-2", "default");
        await world.CreateAsync(CoreResources.Pods, PodOf(set, "db-2", pool: "10.16.5.1,10.16.5.2,10.16.5.3"));
        (await world.EventuallyAllocatedAsync("db-2")).Metadata.Annotation(Keys.IpAddress).ShouldBe("10.16.5.3");
    }

    [Fact]
    public async Task A_pod_of_a_set_waits_for_the_set()
    {
        await using var world = await World.StartAsync(server);
        await server.KubectlAsync("create", "-f", Path.Combine(ApiServerFixture.Repository(), "tests/Controller.Tests/Scenarios/statefulset.yaml"));
        var set = await world.Kube.GetAsync(CoreResources.StatefulSets, "default", "db");
        await world.DeleteAsync(CoreResources.StatefulSets, "db", "default");
        await world.Controller.SettleAsync();

        await world.CreateAsync(CoreResources.Pods, PodOf(set, "db-1", pool: "10.16.5.1,10.16.5.2"));
        await world.EventuallyToldAsync(
            "db-1", "AcquireAddressFailed", $"{Keys.IpPool}: StatefulSet \"db\" of the pod does not exist, so that its number is not known");
        world.Port("db-1.default").ShouldBeNull();
    }

    [Fact]
    public async Task A_pod_that_asks_for_a_further_NIC_is_told_that_it_has_one()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateAsync(CoreResources.Pods, Objects.Pod("many", annotations: new Dictionary<string, string>
        {
            ["k8s.v1.cni.cncf.io/networks"] = "vpc1/net1",
            ["net1.vpc1.ovn.kubernetes.io/logical_switch"] = "net1",
            ["net1.vpc1.ovn.kubernetes.io/ip_address"] = "172.20.0.5",
        }));

        await world.EventuallyToldAsync(
            "many",
            "NotSupported",
            "net1.vpc1.ovn.kubernetes.io/ip_address: provider \"net1.vpc1.ovn\" is not served: a pod has one NIC, of provider \"ovn\"");
        await world.EventuallyAllocatedAsync("many");
    }

    /// <summary>KubeVirt gives each run of a virtual machine a new launcher pod. The machine has no IP of its own.</summary>
    [Fact]
    public async Task A_launcher_pod_gives_its_address_back_and_a_rule_for_its_machine_says_what_to_name()
    {
        await using var world = await World.StartAsync(server);
        await world.CreateExternalNetworkAsync();
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e1"));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("f-vm", "e1", "vm1.default"));
        await world.CreateAsync(CoreResources.Pods, Launcher("virt-launcher-vm1-abcde", "10.16.4.4"));
        await world.EventuallyAllocatedAsync("virt-launcher-vm1-abcde");
        await world.EventuallyAsync(
            SluiceResources.OvnFips,
            "f-vm",
            fip => fip.Status?.Conditions.Find(ConditionTypes.Ready) is
            {
                Reason: "IPNotFound",
                Message: "spec.ipName: IP \"vm1.default\" does not exist; a pod's is POD.NAMESPACE, a virtual machine's that of its launcher pod",
            });

        await world.DeleteAsync(CoreResources.Pods, "virt-launcher-vm1-abcde", "default");
        await world.CreateAsync(CoreResources.Pods, Launcher("virt-launcher-vm1-fghij", "10.16.4.4"));
        await world.EventuallyAllocatedAsync("virt-launcher-vm1-fghij");
        world.Port("virt-launcher-vm1-fghij.default")!.Addresses[0].ShouldEndWith(" 10.16.4.4");
        await world.EventuallyGoneAsync(SluiceResources.Ips, "virt-launcher-vm1-abcde.default");
        world.Port("virt-launcher-vm1-abcde.default").ShouldBeNull();

        static Pod Launcher(string name, string address)
        {
            var pod = Objects.Pod(name, annotations: new Dictionary<string, string> { [Keys.IpAddress] = address });
            var owner = new OwnerReference
            {
                ApiVersion = "kubevirt.io/v1",
                Kind = "VirtualMachineInstance",
                Name = "vm1",
                Uid = "11111111-1111-4111-8111-111111111111",
                Controller = true,
            };
            var labels = new Dictionary<string, string> { ["kubevirt.io"] = "virt-launcher", ["vm.kubevirt.io/name"] = "vm1" };
            return pod with { Metadata = pod.Metadata with { Labels = labels, OwnerReferences = [owner] } };
        }
    }

    private static Pod PodOf(StatefulSet set, string name, string? pool = null)
    {
        var pod = Objects.Pod(name, annotations: pool is null ? null : new Dictionary<string, string> { [Keys.IpPool] = pool });
        var owner = new OwnerReference { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = set.Metadata.Name, Uid = set.Metadata.Uid!, Controller = true };
        return pod with { Metadata = pod.Metadata with { OwnerReferences = [owner] } };
    }
}
