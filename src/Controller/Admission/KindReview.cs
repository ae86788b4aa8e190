using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addresses;
using Sluice.Plan.Admission;

namespace Sluice.Controller.Admission;

/// <summary>Reviews requests for objects of one kind.</summary>
internal interface IKindReview
{
    /// <summary>The kind as URLs call it.</summary>
    string Plural { get; }

    /// <summary>Reviews against what the caches know.</summary>
    /// <returns>Null when nothing stands against the request.</returns>
    /// <exception cref="JsonException">The object can not be read; the API server has checked it against its schema, so this is a mistake of ours.</exception>
    Objection? Review(AdmissionRequest request);

    /// <summary>What is stored along with a new object.</summary>
    /// <returns>Null when nothing is.</returns>
    /// <exception cref="JsonException">As of <see cref="Review"/>.</exception>
    JsonPatch? Prepare(AdmissionRequest request);
}

/// <param name="check">What stands against the object (second) in place of the former one (first, null for none).</param>
/// <param name="users">What names the object.</param>
/// <param name="prepare">The metadata of a new object (first) that is asked for (second); null for a kind whose objects are stored as they come.</param>
internal sealed class KindReview<T, TSpec>(
    ResourceType<T> type, Func<T?, T, Objection?> check, Func<T, IEnumerable<AddressUser>> users, Func<T, AdmissionRequest, ObjectMeta>? prepare = null) : IKindReview
    where T : CustomResource<TSpec>
    where TSpec : class, new()
{
    public string Plural => type.Plural;

    public Objection? Review(AdmissionRequest request)
    {
        var (old, item) = (Read(request.OldObject), Read(request.Object));
        return request.Operation switch
        {
            "CREATE" when item is not null => check(null, item),
            "UPDATE" when old is not null && item is not null => ReviewChange(old, item),
            "DELETE" when old is { Metadata.IsDeleting: false } => Objection.InUse(type.Kind, old.Metadata.Name, users(old)),
            _ => null,
        };
    }

    public JsonPatch? Prepare(AdmissionRequest request)
    {
        if (prepare is null || request.Operation != "CREATE" || Read(request.Object) is not { } item) return null;

        var (before, after) = (item.Metadata, prepare(item, request));
        var patch = new JsonPatch();
        if (!ReferenceEquals(before.Finalizers, after.Finalizers))
            patch.Add("/metadata/finalizers", new JsonArray([.. after.Finalizers!.Select(finalizer => JsonValue.Create(finalizer))]));
        if (!ReferenceEquals(before.Labels, after.Labels)) patch.Add("/metadata/labels", Map(after.Labels!));
        if (!ReferenceEquals(before.Annotations, after.Annotations)) patch.Add("/metadata/annotations", Map(after.Annotations!));
        return patch.Count == 0 ? null : patch;
    }

    /// <summary>
    /// Metadata may always change, and so may what is being deleted: finalizers must come off. What was wrong before the change is no
    /// reason to refuse it, or an object from before the webhook could not be repaired field by field.
    /// </summary>
    private Objection? ReviewChange(T old, T item)
    {
        if (item.Metadata.IsDeleting || item.Spec.Equals(old.Spec)) return null;
        return check(old, item) is { } objection && objection.Message != check(old, old)?.Message ? objection : null;
    }

    private static JsonObject Map(IReadOnlyDictionary<string, string> entries) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));

    /// <summary>A request is about what is written, whatever is in force.</summary>
    private T? Read(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } element ? (T?)element.Deserialize(type.Json)?.AsWritten() : null;
}
