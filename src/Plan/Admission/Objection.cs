using System.Collections.Immutable;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.Admission;

/// <summary>Why a request to the API server is refused: what it asks for can never work.</summary>
public sealed record Objection
{
    /// <summary>How many referrers a message names.</summary>
    public const int MaxNamed = 10;

    private Objection(string message, ImmutableArray<AddressUser> others) => (Message, Others) = (message, others);

    /// <summary>For people; names the field and the other objects.</summary>
    public string Message { get; }

    /// <summary>
    /// The objects without which there would be no objection. Caches lag behind: whoever objects should look first whether they are still
    /// there.
    /// </summary>
    public ImmutableArray<AddressUser> Others { get; }

    /// <summary>Whether the request is a deletion that <see cref="Others"/> stand against.</summary>
    public bool IsInUse { get; private init; }

    /// <summary>Against what an object says.</summary>
    /// <param name="others">The objects that it collides with.</param>
    public static Objection Invalid(string message, params ImmutableArray<AddressUser> others) => new(message, others);

    /// <summary>Against the deletion of an object that others name; null when none does, but for those that are being deleted themselves.</summary>
    public static Objection? InUse(string kind, string name, IEnumerable<AddressUser> users)
    {
        ImmutableArray<AddressUser> staying =
            [.. users.Where(user => !user.IsDeleting).OrderBy(user => user.Kind, StringComparer.Ordinal).ThenBy(user => user.Name, StringComparer.Ordinal)];
        return staying.IsEmpty
            ? null
            : new($"{kind} \"{name}\" is in use by {AddressUser.Describe(staying, MaxNamed)}", staying) { IsInUse = true };
    }
}
