using System.Text;
using System.Text.Json.Nodes;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Client;

public sealed class PatchTests
{
    [Fact]
    public void Pointers_escape_what_means_something_in_a_pointer() =>
        JsonPatch.Pointer("metadata", "annotations", "ovn.kubernetes.io/a~b").ShouldBe("/metadata/annotations/ovn.kubernetes.io~1a~0b");

    [Fact]
    public void A_JSON_patch_lists_its_operations_in_order()
    {
        var patch = new JsonPatch()
            .Test("/metadata/finalizers/0", "mine")
            .Remove("/metadata/finalizers/0")
            .Add("/metadata/labels", new JsonObject { ["a"] = "b" })
            .Replace("/spec/x", null);

        patch.Count.ShouldBe(4);
        patch.ToString().ShouldBe(
            """[{"op":"test","path":"/metadata/finalizers/0","value":"mine"},{"op":"remove","path":"/metadata/finalizers/0"},"""
            + """{"op":"add","path":"/metadata/labels","value":{"a":"b"}},{"op":"replace","path":"/spec/x","value":null}]""");
    }

    [Fact]
    public void Each_type_of_patch_has_its_media_type()
    {
        Patch.Json(new JsonPatch()).ContentType.ShouldBe("application/json-patch+json");
        Patch.Merge([]).ContentType.ShouldBe("application/merge-patch+json");
        Patch.Apply([], "me").ContentType.ShouldBe("application/apply-patch+yaml");
    }

    [Fact]
    public void Apply_of_an_object_names_its_kind()
    {
        var patch = Patch.Apply(CoreResources.ConfigMaps, new ConfigMap { Metadata = new ObjectMeta { Name = "a", Namespace = "ns" } }, "me", force: true);

        Encoding.UTF8.GetString(patch.Body.Span).ShouldBe("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"ns"}}""");
        (patch.FieldManager, patch.Force).ShouldBe(("me", true));
    }

    [Fact]
    public void Delete_options_carry_only_what_is_asked_for()
    {
        Encoding.UTF8.GetString(new DeleteOptions().ToJson().Span).ShouldBe("""{"apiVersion":"v1","kind":"DeleteOptions"}""");
        Encoding.UTF8.GetString(new DeleteOptions { Uid = "u", ResourceVersion = "5", GracePeriodSeconds = 0, PropagationPolicy = "Orphan" }.ToJson().Span)
            .ShouldBe(
                """{"apiVersion":"v1","kind":"DeleteOptions","gracePeriodSeconds":0,"propagationPolicy":"Orphan","preconditions":{"uid":"u","resourceVersion":"5"}}""");
    }

    [Fact]
    public void Queries_leave_out_what_is_not_given()
    {
        new ListOptions { PageSize = 0 }.ToPathAndQuery("/p", null).ShouldBe("/p");
        new ListOptions { LabelSelector = "a in (b,c)", FieldSelector = "spec.nodeName=n", ResourceVersion = "0" }.ToPathAndQuery("/p", null)
            .ShouldBe("/p?labelSelector=a%20in%20%28b%2Cc%29&fieldSelector=spec.nodeName%3Dn&limit=500&resourceVersion=0");
        new ListOptions { ResourceVersion = "7" }.ToPathAndQuery("/p", "t=").ShouldBe("/p?limit=500&continue=t%3D");
        new WatchOptions { ResourceVersion = "7", Timeout = TimeSpan.FromSeconds(1.5) }.ToPathAndQuery("/p")
            .ShouldBe("/p?watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=2");
    }
}
