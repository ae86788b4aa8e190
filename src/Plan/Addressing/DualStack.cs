namespace Sluice.Plan.Addressing;

/// <summary>At most one value of each family, as <c>cidrBlock</c>, <c>gateway</c> and <c>ipAddress</c> hold them.</summary>
public readonly record struct DualStack<T>(T? V4, T? V6)
    where T : struct, IIpValue<T>
{
    /// <summary>Whether there is no value at all.</summary>
    public bool IsEmpty => V4 is null && V6 is null;

    /// <summary>Whether there is one of each family.</summary>
    public bool IsDual => V4 is not null && V6 is not null;

    public T? this[IpFamily family] => family == IpFamily.V4 ? V4 : V6;

    public static DualStack<T> Of(T value) => default(DualStack<T>).With(value);

    /// <summary>
    /// Reads one value, or two of different family joined by a comma, in either order; empty text holds none. False when a part cannot be
    /// read or both are of one family.
    /// </summary>
    public static bool TryParse(string? text, out DualStack<T> pair)
    {
        pair = default;
        if (string.IsNullOrWhiteSpace(text)) return true;
        foreach (var part in text.AsSpan().Split(','))
        {
            if (!T.TryParse(text.AsSpan(part).Trim(), out var value) || pair[value.Family] is not null) return false;
            pair = pair.With(value);
        }
        return true;
    }

    public DualStack<T> With(T value) => value.Family == IpFamily.V4 ? this with { V4 = value } : this with { V6 = value };

    /// <summary>The values, IPv4 first. An array, so that it can be enumerated anywhere.</summary>
    public T[] ToArray() => (V4, V6) switch
    {
        ({ } v4, { } v6) => [v4, v6],
        ({ } v4, null) => [v4],
        (null, { } v6) => [v6],
        _ => [],
    };

    /// <summary>The values joined by a comma, IPv4 first; empty when there is none.</summary>
    public override string ToString() => string.Join(',', ToArray());
}
