using System.Globalization;
using System.Text;

namespace Sluice.Ovn.Diff;

/// <summary>
/// The name by which a transaction refers to a row that it inserts: RFC 7047 section 5.1, &lt;named-uuid&gt;. It spells the row's identity,
/// so that plans of different owners can share a transaction, and equal plans are equal transactions.
/// </summary>
internal static class NamedUuid
{
    public static string For(RowId id) => Escape($"row {id.Owner.Kind}/{id.Owner.Name}/{id.Name}");

    /// <summary>Letters and digits stay, every other byte becomes <c>_xx</c>; different texts give different names.</summary>
    private static string Escape(string text)
    {
        var name = new StringBuilder(text.Length + 16);
        foreach (var unit in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)unit))
                name.Append((char)unit);
            else
                name.Append('_').Append(unit.ToString("x2", CultureInfo.InvariantCulture));
        }
        return name.ToString();
    }
}
