namespace Sluice.Plan.Addresses;

/// <summary>An object that names another in its spec.</summary>
/// <param name="IsDeleting">It still has rows, but will let go.</param>
public readonly record struct AddressUser(string Kind, string Name, bool IsDeleting)
{
    /// <summary>What an object that is being deleted says while it is used.</summary>
    public static string KeptBy(IReadOnlyCollection<AddressUser> users) => $"to be deleted once it is no longer used by {Describe(users)}";

    /// <summary>The users as the end of a message: the first few by name, and how many more.</summary>
    public static string Describe(IReadOnlyCollection<AddressUser> users, int maxNamed = 5)
    {
        var named = string.Join(", ", users.Select(user => $"{user.Kind} {user.Name}").Order(StringComparer.Ordinal).Take(maxNamed));
        return users.Count <= maxNamed ? named : $"{named} and {users.Count - maxNamed} more";
    }
}
