using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>
/// Each folder of <c>cases</c> holds objects, which add to those of <c>base.yaml</c> and replace those of the same name, and what comes
/// of them: <c>rows.txt</c> and <c>status.yaml</c>. Run with <c>SLUICE_REGENERATE=1</c> to write the latter two anew, and review the
/// difference.
/// </summary>
public sealed class CaseTests
{
    public static TheoryData<string> Cases { get; } =
        new(Directory.GetDirectories(Folder()).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Objects_give_rows_and_statuses(string name)
    {
        var world = Load(name);
        world.Settle();
        Check(name, "rows.txt", RowText.Of(world.Rows.Values.SelectMany(rows => rows)));
        Check(name, "status.yaml", Statuses(world));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_plan_at_rest_wants_nothing(string name)
    {
        var world = Load(name);
        world.Settle();
        foreach (var vpc in world.VpcKeys())
        {
            // Without a memory, as after a restart.
            var plan = VpcPlan.For(world.Input(vpc));
            plan.Rows.ShouldBe(world.Rows.GetValueOrDefault(vpc) ?? []);
            plan.Before.IsEmpty.ShouldBeTrue(vpc);
            plan.After(world.Differences(plan.Rows)).IsEmpty.ShouldBeTrue(vpc);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_order_of_the_objects_does_not_matter(string name)
    {
        var expected = Load(name);
        expected.Settle();
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            var world = Load(name);
            world.Order = objects => objects.OrderBy(_ => random.Next());
            world.Settle();
            RowText.Of(world.Rows.Values.SelectMany(rows => rows)).ShouldBe(RowText.Of(expected.Rows.Values.SelectMany(rows => rows)));
            Statuses(world).ShouldBe(Statuses(expected));
        }
    }

    /// <summary>The objects of a case.</summary>
    internal static World Load(string name, bool settled = false)
    {
        var objects = File.ReadAllText(Path.Combine(Folder(), name, "objects.yaml"));
        var world = objects.Contains("alone: true")
            ? World.Load(objects)
            : World.Load(File.ReadAllText(Path.Combine(Folder(), "base.yaml")), objects);
        if (settled) world.Settle();
        return world;
    }

    private static void Check(string name, string file, string actual)
    {
        var path = Path.Combine(Folder(), name, file);
        if (Environment.GetEnvironmentVariable("SLUICE_REGENERATE") == "1") File.WriteAllText(path, actual);
        actual.ShouldBe(File.ReadAllText(path), $"{name}/{file}");
    }

    private static string Statuses(World world)
    {
        var objects = new JsonObject();
        foreach (var refusal in world.PodRefusals()) objects[$"Event of Pod {refusal.Pod}, {refusal.Refusal.Message}"] = refusal.Refusal.Reason;
        Add(objects, world.Vpcs.Values, SluiceResources.Vpcs.Json, "status");
        Add(objects, world.Eips.Values.Where(eip => eip.Spec.Type == EipTypes.Lrp), SluiceResources.OvnEips.Json, "spec");
        Add(objects, world.Fips.Values, SluiceResources.OvnFips.Json, "status");
        Add(objects, world.SnatRules.Values, SluiceResources.OvnSnatRules.Json, "status");
        Add(objects, world.DnatRules.Values, SluiceResources.OvnDnatRules.Json, "status");
        return Yaml.Write(objects);
    }

    private static void Add<T>(JsonObject all, IEnumerable<T> objects, JsonTypeInfo<T> json, string part)
        where T : KubeObject
    {
        foreach (var item in objects.OrderBy(item => item.Metadata.Name, StringComparer.Ordinal))
        {
            var node = JsonSerializer.SerializeToNode(item, json)!.AsObject();
            Accepted.HideIfWritten(node);
            var shown = new JsonObject();
            foreach (var field in (string[])["ownerReferences", "deletionTimestamp", "finalizers", "labels", "annotations"])
            {
                if (node["metadata"]![field] is { } value) shown[field] = value.DeepClone();
            }
            if (node[part] is { } content) shown[part] = content.DeepClone();
            all[$"{node["kind"]}/{item.Metadata.Name}"] = shown;
        }
    }

    private static string Folder([CallerFilePath] string source = "") => Path.Combine(Path.GetDirectoryName(source)!, "cases");
}
