using Sluice.Api;

namespace Sluice.Plan.Addressing;

/// <summary>Addresses or CIDRs joined by commas, as flags hold them.</summary>
public static class IpList
{
    /// <summary>Reads them; empty text holds none. False when a part can not be read.</summary>
    public static bool TryParse<T>(string text, out ValueList<T> values)
        where T : struct, IIpValue<T>
    {
        values = [];
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var read = new T[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!T.TryParse(parts[i], out read[i])) return false;
        }
        values = [.. read];
        return true;
    }
}
