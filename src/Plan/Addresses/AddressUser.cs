namespace Sluice.Plan.Addresses;

/// <summary>An object that names an address object in its spec.</summary>
/// <param name="IsDeleting">It still has rows, but will let go.</param>
public readonly record struct AddressUser(string Kind, string Name, bool IsDeleting)
{
    /// <summary>The users as the end of a message: the first few by name, and how many more.</summary>
    public static string Describe(IReadOnlyCollection<AddressUser> users, int maxNamed = 5)
    {
        var named = string.Join(", ", users.Select(user => $"{user.Kind} {user.Name}").Order(StringComparer.Ordinal).Take(maxNamed));
        return users.Count <= maxNamed ? named : $"{named} and {users.Count - maxNamed} more";
    }
}
