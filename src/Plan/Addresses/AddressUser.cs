namespace Sluice.Plan.Addresses;

/// <summary>An object that names an address object in its spec.</summary>
/// <param name="IsDeleting">It still has rows, but will let go.</param>
public readonly record struct AddressUser(string Kind, string Name, bool IsDeleting)
{
    private const int MaxNamed = 5;

    /// <summary>The users as the end of a message: the first few by name, and how many more.</summary>
    public static string Describe(IReadOnlyCollection<AddressUser> users)
    {
        var named = string.Join(", ", users.Select(user => $"{user.Kind} {user.Name}").Order(StringComparer.Ordinal).Take(MaxNamed));
        return users.Count <= MaxNamed ? named : $"{named} and {users.Count - MaxNamed} more";
    }
}
