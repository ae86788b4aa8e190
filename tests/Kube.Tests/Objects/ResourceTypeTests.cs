using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Objects;

public sealed class ResourceTypeTests
{
    [Fact]
    public void Paths_follow_group_scope_and_subresource()
    {
        CoreResources.Pods.Path(null).ShouldBe("/api/v1/pods");
        CoreResources.Pods.Path("ns1").ShouldBe("/api/v1/namespaces/ns1/pods");
        CoreResources.Pods.Path("ns1", "a", "status").ShouldBe("/api/v1/namespaces/ns1/pods/a/status");
        CoreResources.Nodes.Path(null, "n1").ShouldBe("/api/v1/nodes/n1");
        CoreResources.Leases.Path("kube-system", "x").ShouldBe("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/x");
    }

    [Fact]
    public void Names_cannot_escape_from_the_path() =>
        CoreResources.Nodes.Path(null, "../pods?x=1#").ShouldBe("/api/v1/nodes/..%2Fpods%3Fx%3D1%23");

    [Fact]
    public void A_namespaced_object_needs_its_namespace() =>
        Should.Throw<ArgumentException>(() => CoreResources.Pods.Path(null, "a")).Message.ShouldContain("Pod a needs a namespace");

    [Fact]
    public void Is_called_plural_dot_group()
    {
        CoreResources.Pods.ToString().ShouldBe("pods");
        CoreResources.Leases.ToString().ShouldBe("leases.coordination.k8s.io");
    }

    [Fact]
    public void Object_keys_round_trip_and_sort_by_namespace_then_name()
    {
        ObjectKey.Parse("ns/a").ShouldBe(new ObjectKey("ns", "a"));
        ObjectKey.Parse("a").ShouldBe(new ObjectKey("a"));
        new[] { "b", "ns2/a", "ns1/b", "ns1/a" }.Select(ObjectKey.Parse).Order().Select(key => key.ToString())
            .ShouldBe(["b", "ns1/a", "ns1/b", "ns2/a"]);
    }
}
