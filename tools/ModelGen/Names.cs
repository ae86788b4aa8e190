namespace Sluice.ModelGen;

/// <summary>C# names for names of a schema.</summary>
internal static class Names
{
    /// <summary>
    /// <c>Logical_Router</c> and <c>external_ip</c> become LogicalRouter and ExternalIp, <c>NAT</c> becomes Nat, <c>to-lport</c> ToLport.
    /// </summary>
    public static string Pascal(string name) => string.Concat(name.Split('_', '-').Select(Capitalize));

    private static string Capitalize(string word)
    {
        var lower = word.Length > 1 && word.All(char.IsUpper) ? word.ToLowerInvariant() : word;
        return char.ToUpperInvariant(lower[0]) + lower[1..];
    }
}
