using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Tests.Vpcs;

namespace Sluice.Plan.Tests.Networks;

/// <summary>
/// Each folder of <c>cases</c> holds objects and what comes of them: <c>rows.txt</c> and <c>objects-after.yaml</c>. Run with
/// <c>SLUICE_REGENERATE=1</c> to write the latter two anew, and review the difference.
/// </summary>
public sealed class NetworkCaseTests
{
    public static TheoryData<string> Cases { get; } = new(Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Objects_give_rows_and_statuses(string name)
    {
        var world = NetworkWorld.Load(File.ReadAllText(Path.Combine(Folder(), name, "objects.yaml")));
        world.Settle();
        Check(name, "rows.txt", RowText.Of(world.Rows.Values.SelectMany(rows => rows)));
        Check(name, "objects-after.yaml", Objects(world));
    }

    private static void Check(string name, string file, string actual)
    {
        var path = Path.Combine(Folder(), name, file);
        if (Environment.GetEnvironmentVariable("SLUICE_REGENERATE") == "1") File.WriteAllText(path, actual);
        actual.ShouldBe(File.ReadAllText(path), $"{name}/{file}");
    }

    private static string Objects(NetworkWorld world)
    {
        var objects = new JsonObject();
        Add(objects, world.ProviderNetworks.Values, SluiceResources.ProviderNetworks.Json, "status");
        Add(objects, world.Vlans.Values, SluiceResources.Vlans.Json, "status");
        Add(objects, world.Subnets.Values, SluiceResources.Subnets.Json, "spec", "status");
        Add(objects, world.Ips.Values, SluiceResources.Ips.Json, "spec");
        Add(objects, world.Eips.Values, SluiceResources.OvnEips.Json, "status");
        Add(objects, world.Vips.Values, SluiceResources.Vips.Json, "status");
        foreach (var (item, notes) in world.Notes) objects[item] = new JsonArray([.. notes.Select(note => JsonValue.Create(note))]);
        return Yaml.Write(objects);
    }

    private static void Add<T>(JsonObject all, IEnumerable<T> objects, JsonTypeInfo<T> json, params string[] parts)
        where T : KubeObject
    {
        foreach (var item in objects.OrderBy(item => item.Metadata.Name, StringComparer.Ordinal))
        {
            var node = JsonSerializer.SerializeToNode(item, json)!.AsObject();
            Accepted.HideIfWritten(node);
            var shown = new JsonObject();
            foreach (var field in (string[])["finalizers", "labels", "ownerReferences"])
            {
                if (node["metadata"]![field] is { } value) shown[field] = value.DeepClone();
            }
            foreach (var part in parts)
            {
                if (node[part] is { } content) shown[part] = content.DeepClone();
            }
            all[$"{node["kind"]}/{item.Metadata.Name}"] = shown;
        }
    }

    private static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "cases");
}
