using System.Text.Json;
using Sluice.Cni.Wire;

namespace Sluice.Cni;

/// <summary>Reads <c>prevResult</c>, the result that the runtime kept of ADD, of any version of the specification.</summary>
internal static class PreviousResult
{
    /// <summary>What the result says about the interface that <paramref name="environment"/> names.</summary>
    public static AttachmentResult Parse(JsonElement result, CniEnvironment environment)
    {
        var interfaces = result.TryGetProperty("interfaces", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().ToList()
            : [];
        var index = interfaces.FindIndex(item =>
            NetworkConfig.StringField(item, "name") == environment.IfName && NetworkConfig.StringField(item, "sandbox").Length > 0);
        return new AttachmentResult
        {
            NicName = environment.IfName,
            MacAddress = index < 0 ? "" : NetworkConfig.StringField(interfaces[index], "mac"),
            Ips = result.TryGetProperty("ips", out var ips) && ips.ValueKind == JsonValueKind.Array
                ? [.. ips.EnumerateArray().Where(ip => BelongsTo(ip, index)).Select(Ip)]
                : [],
            Routes = result.TryGetProperty("routes", out var routes) ? NetworkConfig.ParseRoutes(routes) : [],
        };
    }

    private static bool BelongsTo(JsonElement ip, int index) =>
        !ip.TryGetProperty("interface", out var owner) || owner.ValueKind != JsonValueKind.Number || owner.GetInt32() == index;

    private static AttachmentIp Ip(JsonElement ip)
    {
        var cidr = NetworkConfig.StringField(ip, "address");
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        return new AttachmentIp(
            cidr.Contains(':', StringComparison.Ordinal) ? "IPv6" : "IPv4",
            slash < 0 ? cidr : cidr[..slash],
            cidr,
            NetworkConfig.StringField(ip, "gateway"));
    }
}
