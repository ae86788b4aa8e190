using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Stories;

/// <summary>One thing that happens in a story.</summary>
internal interface IStep
{
    Task RunAsync(World world);
}

/// <summary>Somebody stops the controller at once and starts it again.</summary>
internal sealed record Restart : IStep
{
    public Task RunAsync(World world) => world.RestartControllerAsync();
}

/// <summary>An object is created or given another spec; or deleted, when there is none.</summary>
internal sealed record Step<T>(ResourceType<T> Type, string Name, T? Item) : IStep
    where T : KubeObject
{
    public Task RunAsync(World world) => Item is null ? world.DeleteAsync(Type, Name) : ApplyAsync(world.Kube, Item);

    public override string ToString() => Item is null ? $"delete {Type.Plural}/{Name}" : $"apply {JsonSerializer.Serialize(Item, Type.Json)}";

    private async Task ApplyAsync(KubeClient kube, T item)
    {
        try
        {
            await kube.CreateAsync(Type, item);
        }
        catch (KubeException e) when (e.IsAlreadyExists)
        {
            // As kubectl apply would: what the new spec does not say is taken back, unless the server or a controller filled it in.
            var stored = await kube.FindAsync(Type, null, Name);
            if (stored is null || stored.Metadata.IsDeleting)
                return;
            var desired = JsonSerializer.SerializeToNode(item, Type.Json)!.AsObject();
            var patch = new JsonObject { ["spec"] = desired["spec"]?.DeepClone() ?? new JsonObject() };
            if (desired["metadata"]?["labels"] is { } labels)
                patch["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() };
            foreach (var (field, value) in JsonSerializer.SerializeToNode(stored, Type.Json)!["spec"]?.AsObject() ?? [])
            {
                if (value is not null && Type.Plural.StartsWith("ovn-", StringComparison.Ordinal) && patch["spec"]![field] is null)
                    patch["spec"]![field] = null;
            }
            await kube.PatchAsync(Type, null, Name, Patch.Merge(patch));
        }
        catch (KubeException e) when (e.IsInvalid)
        {
            // The API server refused it; so may users' specs be.
        }
    }
}
