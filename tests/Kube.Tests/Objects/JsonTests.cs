using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Objects;

public sealed class JsonTests
{
    [Fact]
    public void Metadata_that_we_model_survives_a_round_trip()
    {
        const string Json = """
            {
              "apiVersion": "v1", "kind": "ConfigMap",
              "metadata": {
                "name": "a", "generateName": "a-", "namespace": "ns", "uid": "u", "resourceVersion": "12", "generation": 3,
                "creationTimestamp": "2024-05-06T07:08:09Z", "deletionTimestamp": "2024-05-06T07:08:10Z", "deletionGracePeriodSeconds": 30,
                "labels": {"l/x": "1"}, "annotations": {"a/x": ""},
                "ownerReferences": [{"apiVersion": "v1", "kind": "Pod", "name": "p", "uid": "q", "controller": true, "blockOwnerDeletion": false}],
                "finalizers": ["f/x"]
              },
              "data": {"k": "v"}, "binaryData": {"b": "AA=="}, "immutable": false
            }
            """;

        ShouldBeJson(Rewritten(CoreResources.ConfigMaps, Json), Json);
    }

    [Fact]
    public void Managed_fields_are_dropped_so_that_the_server_keeps_its_own() =>
        ShouldBeJson(
            Rewritten(CoreResources.ConfigMaps, """{"metadata": {"name": "a", "managedFields": [{"manager": "m"}], "selfLink": "/x"}}"""),
            """{"metadata": {"name": "a"}}""");

    [Fact]
    public void Absent_metadata_and_spec_read_as_empty()
    {
        var pod = JsonSerializer.Deserialize("{}", CoreResources.Pods.Json)!;

        pod.Metadata.ShouldBe(ObjectMeta.Empty);
        pod.Metadata.Name.ShouldBe("");
        pod.Spec.NodeName.ShouldBeNull();
        pod.Status.Phase.ShouldBeNull();
    }

    [Fact]
    public void Nulls_read_as_absent()
    {
        var pod = JsonSerializer.Deserialize("""{"metadata": {"name": null, "creationTimestamp": null}, "spec": null}""", CoreResources.Pods.Json)!;

        pod.Metadata.ShouldBe(ObjectMeta.Empty);
        pod.Spec.ShouldNotBeNull();
    }

    [Fact]
    public void Reads_what_networking_needs_of_a_pod()
    {
        var pod = JsonSerializer.Deserialize(
            """
            {
              "metadata": {"name": "p", "namespace": "ns"},
              "spec": {"nodeName": "n1", "hostNetwork": true, "containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}], "volumes": []},
              "status": {"phase": "Failed", "podIP": "10.0.0.2", "hostIP": "192.168.0.1", "podIPs": [{"ip": "10.0.0.2"}, {"ip": "fd00::2"}]}
            }
            """,
            CoreResources.Pods.Json)!;

        (pod.Key.ToString(), pod.Spec.NodeName, pod.Spec.HostNetwork, pod.IsCompleted).ShouldBe(("ns/p", "n1", true, true));
        pod.Spec.Containers!.Single().Ports!.Single().Port.ShouldBe(80);
        (pod.Status.PodIp, pod.Status.HostIp).ShouldBe(("10.0.0.2", "192.168.0.1"));
        pod.Status.PodIps!.Select(address => address.Ip).ShouldBe(["10.0.0.2", "fd00::2"]);
    }

    [Fact]
    public void Reads_readiness_and_addresses_of_a_node()
    {
        var node = JsonSerializer.Deserialize(
            """
            {"status": {"conditions": [{"type": "Ready", "status": "True"}],
             "addresses": [{"type": "InternalIP", "address": "192.168.0.1"}, {"type": "Hostname", "address": "n"}, {"type": "InternalIP", "address": "fd00::1"}]}}
            """,
            CoreResources.Nodes.Json)!;

        node.IsReady.ShouldBeTrue();
        node.Addresses("InternalIP").ShouldBe(["192.168.0.1", "fd00::1"]);
    }

    [Fact]
    public void Times_are_written_as_the_server_writes_them()
    {
        var at = new DateTimeOffset(2024, 5, 6, 9, 8, 9, 123, TimeSpan.FromHours(2)).AddMicroseconds(456);
        var lease = new Lease
        {
            Metadata = new ObjectMeta { Name = "l", CreationTimestamp = at },
            Spec = new LeaseSpec { HolderIdentity = "me", RenewTime = at },
        };

        ShouldBeJson(
            JsonSerializer.Serialize(lease, CoreResources.Leases.Json),
            """
            {
              "metadata": {"name": "l", "creationTimestamp": "2024-05-06T07:08:09Z"},
              "spec": {"holderIdentity": "me", "renewTime": "2024-05-06T07:08:09.123456Z"}
            }
            """);
    }

    [Fact]
    public void An_unstructured_object_keeps_every_field()
    {
        const string Json = """
            {"apiVersion": "x/v1", "kind": "Y", "metadata": {"name": "a"}, "spec": {"list": [1, {"deep": null}], "text": "t"}, "data": "d"}
            """;
        var type = CoreResources.Unstructured("x", "v1", "ys", "Y", namespaced: false);
        var item = JsonSerializer.Deserialize(Json, type.Json)!;

        item["spec", "text"]!.GetValue<string>().ShouldBe("t");
        item["spec", "none", "deeper"].ShouldBeNull();
        ShouldBeJson(JsonSerializer.Serialize(item, type.Json), Json);
    }

    [Fact]
    public void Names_the_object_that_does_not_fit_its_model() =>
        Should.Throw<JsonException>(() => JsonBytes.ReadObject("""{"metadata": {"name": "p", "namespace": "ns"}, "spec": {"nodeName": 5}}"""u8, CoreResources.Pods))
            .Message.ShouldStartWith("Pod ns/p: ");

    private static string Rewritten<T>(ResourceType<T> type, string json)
        where T : KubeObject =>
        JsonSerializer.Serialize(JsonSerializer.Deserialize(json, type.Json)!, type.Json);

    private static void ShouldBeJson(string actual, string expected) =>
        JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected)).ShouldBeTrue($"{actual} is not {expected}");
}
