using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>Reads what people write as OVN compares it: canonical, and for blocks with the host bits cleared.</summary>
internal static class AddressText
{
    /// <summary>The address, or null when the text is not one of <paramref name="family"/>.</summary>
    public static string? Address(string? text, IpFamily family) =>
        IpAddress.TryParse(text, out var address) && address.Family == family ? address.ToString() : null;

    /// <summary>
    /// The block, as a plain address when it holds but one; null when the text is neither address nor CIDR of <paramref name="family"/>.
    /// </summary>
    public static string? Block(string? text, IpFamily family)
    {
        if (Address(text, family) is { } address) return address;
        if (!Cidr.TryParse(text, out var cidr) || cidr.Family != family) return null;
        return cidr.PrefixLength == family.Bits() ? cidr.First.ToString() : cidr.ToString();
    }

    /// <summary>Null for text that says nothing.</summary>
    public static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
