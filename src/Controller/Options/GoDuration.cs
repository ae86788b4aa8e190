using System.Globalization;

namespace Sluice.Controller.Options;

/// <summary>Durations as Go writes them: <c>30s</c>, <c>1m30s</c>, <c>500ms</c>, <c>1.5h</c>.</summary>
internal static class GoDuration
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("us", TimeSpan.FromMicroseconds(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <exception cref="FormatException">The text is no duration.</exception>
    public static TimeSpan Parse(string text)
    {
        if (text == "0")
            return TimeSpan.Zero;
        if (text.Length == 0)
            throw new FormatException("empty duration");

        var sum = TimeSpan.Zero;
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            var digits = rest.IndexOfAnyExceptInRange('.', '9');
            if (digits <= 0)
                throw new FormatException($"no duration: {text}");
            var (unit, length) = UnitAt(rest[digits..], text);
            sum += length * double.Parse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            rest = rest[(digits + unit.Length)..];
        }
        return sum;
    }

    private static (string Unit, TimeSpan Length) UnitAt(ReadOnlySpan<char> rest, string text)
    {
        foreach (var candidate in Units)
        {
            if (rest.StartsWith(candidate.Unit, StringComparison.Ordinal))
                return candidate;
        }
        throw new FormatException($"no duration: {text}");
    }
}
