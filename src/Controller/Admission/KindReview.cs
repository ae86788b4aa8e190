using System.Text.Json;
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
}

/// <param name="check">What stands against the object (second) in place of the former one (first, null for none).</param>
/// <param name="users">What names the object.</param>
internal sealed class KindReview<T, TSpec>(
    ResourceType<T> type, Func<T?, T, Objection?> check, Func<T, IEnumerable<AddressUser>> users) : IKindReview
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

    /// <summary>
    /// Metadata may always change, and so may what is being deleted: finalizers must come off. What was wrong before the change is no
    /// reason to refuse it, or an object from before the webhook could not be repaired field by field.
    /// </summary>
    private Objection? ReviewChange(T old, T item)
    {
        if (item.Metadata.IsDeleting || item.Spec.Equals(old.Spec)) return null;
        return check(old, item) is { } objection && objection.Message != check(old, old)?.Message ? objection : null;
    }

    private T? Read(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } element ? element.Deserialize(type.Json) : null;
}
