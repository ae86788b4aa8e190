using System.Globalization;

namespace Sluice.Kube;

/// <summary>
/// Resource versions are opaque, but every server in use hands out etcd revisions, which grow. We compare them as numbers
/// when both are, which is what newer releases of the API promise, and treat them as unordered otherwise.
/// </summary>
public static class ResourceVersion
{
    /// <summary>
    /// Negative, zero or positive as <paramref name="left"/> is older than, equal to or newer than <paramref name="right"/>;
    /// null when the two differ and cannot be ordered.
    /// </summary>
    public static int? Compare(string? left, string? right)
    {
        if (string.Equals(left, right, StringComparison.Ordinal))
            return 0;
        return TryParse(left, out var l) && TryParse(right, out var r) ? l.CompareTo(r) : null;
    }

    private static bool TryParse(string? text, out ulong version) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);
}
