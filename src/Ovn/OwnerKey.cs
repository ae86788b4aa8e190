using System.Diagnostics.CodeAnalysis;

namespace Sluice.Ovn;

/// <summary>
/// What is planned together and therefore owns rows together, for example the VPC <c>vpc1</c>. Its text, <c>Vpc/vpc1</c>, is what
/// <c>external_ids:sluice-owner</c> of every owned row says.
/// </summary>
/// <param name="Kind">The kind of the planned object, without a slash: <c>Vpc</c>, <c>Subnet</c>, <c>Port</c>.</param>
/// <param name="Name">The object's name; a namespaced one is <c>namespace/name</c>.</param>
public readonly record struct OwnerKey(string Kind, string Name)
{
    /// <summary>Reads the text that <see cref="ToString"/> writes.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out OwnerKey key)
    {
        var slash = text?.IndexOf('/') ?? -1;
        if (slash <= 0 || slash == text!.Length - 1)
        {
            key = default;
            return false;
        }
        key = new(text[..slash], text[(slash + 1)..]);
        return true;
    }

    public override string ToString() => $"{Kind}/{Name}";
}
