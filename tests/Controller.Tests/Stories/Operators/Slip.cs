using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>An operator does something wrong, and some time later mends it.</summary>
/// <param name="Kind">What kind of mistake it is.</param>
/// <param name="Target">The object. It is mended before somebody slips there again.</param>
/// <param name="Mending">Null for what cannot be mended: what was deleted while it was in use stays to be deleted.</param>
internal sealed record Slip(string Kind, string Target, IOperatorStep Mistake, IOperatorStep? Mending);

/// <summary>A step that names objects: only these may be other than before.</summary>
internal interface IOperatorStep : IStep
{
    /// <summary>Names of the objects. Empty when nothing at all may be other than before.</summary>
    IEnumerable<string> Named => [];

    /// <summary>The object that may say that it does not do what its spec asks for; null when none is edited.</summary>
    string? Edited => null;
}

/// <summary>Fields of an object get other values, as <c>kubectl edit</c> would give them.</summary>
/// <param name="Part">What the fields are part of: <c>spec</c>, <c>data</c>, or <c>status</c>, which is written apart.</param>
/// <param name="Fields">Null removes one.</param>
/// <param name="Named">Whom the edit may change: none, or the object, and what it comes to refer to.</param>
internal sealed record Edit<T>(ResourceType<T> Type, T Item, string Part, string Fields, IEnumerable<string> Named) : IOperatorStep
    where T : KubeObject
{

    public string? Edited => Item.Metadata.Name;

    public async Task RunAsync(World world)
    {
        try
        {
            var patch = Patch.Merge(new JsonObject { [Part] = JsonNode.Parse(Fields) });
            await world.Kube.PatchAsync(Type, Item.Metadata.Namespace, Item.Metadata.Name, patch, Part == "status" ? Part : null);
        }
        catch (KubeException e) when (e.IsInvalid || e.IsNotFound)
        {
            // The API server refuses what the definition forbids; and what was not used any more is gone.
        }
    }

    public override string ToString() => $"edit {Type.Plural}/{Item.Metadata.Name} {Part} {(Fields.Length > 1_000 ? Fields[..1_000] + "..." : Fields)}";
}

/// <summary>An object is created, which wants what others have, or is wrong in itself.</summary>
internal sealed record Create<T>(ResourceType<T> Type, T Item) : IOperatorStep
    where T : KubeObject
{
    public IEnumerable<string> Named => [Item.Metadata.Name];

    public async Task RunAsync(World world)
    {
        try
        {
            await world.CreateAsync(Type, Item);
        }
        catch (KubeException e) when (e.IsInvalid || e.IsAlreadyExists)
        {
            // One of that name is still to be deleted.
        }
    }

    public override string ToString() => $"create {JsonSerializer.Serialize(Item, Type.Json)}";
}

/// <summary>An object is deleted.</summary>
/// <param name="IsInUse">Then it stays, and nothing changes.</param>
internal sealed record Delete<T>(ResourceType<T> Type, string Name, bool IsInUse) : IOperatorStep
    where T : KubeObject
{
    public IEnumerable<string> Named => IsInUse ? [] : [Name];

    public string? Edited => Name;

    public Task RunAsync(World world) => world.DeleteAsync(Type, Name);

    public override string ToString() => $"delete {Type.Plural}/{Name}";
}

/// <summary>Makes slips of what is written where.</summary>
internal static class Slips
{
    /// <summary>All that operators do wrong.</summary>
    public static ImmutableArray<Slip> All { get; } =
    [
        .. CidrSlips.All, .. RangeSlips.All, .. GatewaySlips.All, .. SubnetFieldSlips.All,
        .. VlanSlips.All, .. ProviderNetworkSlips.All, .. VpcSlips.All, .. NodeSlips.All,
        .. AddressSlips.All, .. ReferenceSlips.All, .. ConfigMapSlips.All, .. Newcomers.All, .. Deletions.All,
    ];

    /// <summary>Wrong fields, and as their mending those that the object had.</summary>
    public static Slip Edit<T>(string kind, ResourceType<T> type, T item, string fields, string part = "spec", params string[] named)
        where T : KubeObject
    {
        var had = JsonSerializer.SerializeToNode(item, type.Json)![part]?.AsObject() ?? [];
        var mended = new JsonObject();
        foreach (var (field, _) in JsonNode.Parse(fields)!.AsObject()) mended[field] = had[field]?.DeepClone();
        return new(
            kind, $"{type.Plural}/{item.Metadata.Name}",
            new Edit<T>(type, item, part, fields, named),
            new Edit<T>(type, item, part, mended.ToJsonString(), named));
    }

    /// <summary>The object of that name.</summary>
    public static T Named<T>(this IEnumerable<T> items, string name)
        where T : KubeObject => items.Single(item => item.Metadata.Name == name);
}
