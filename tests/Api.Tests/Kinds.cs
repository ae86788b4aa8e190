using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kube;

namespace Sluice.Api.Tests;

/// <summary>What the tests do with an object whatever its kind.</summary>
internal static class Kinds
{
    private static readonly Dictionary<string, Func<JsonNode, JsonNode>> RoundTrips = new()
    {
        ["ProviderNetwork"] = RoundTrip(SluiceResources.ProviderNetworks),
        ["Vlan"] = RoundTrip(SluiceResources.Vlans),
        ["Subnet"] = RoundTrip(SluiceResources.Subnets),
        ["Vpc"] = RoundTrip(SluiceResources.Vpcs),
        ["IP"] = RoundTrip(SluiceResources.Ips),
        ["Vip"] = RoundTrip(SluiceResources.Vips),
        ["OvnEip"] = RoundTrip(SluiceResources.OvnEips),
        ["OvnFip"] = RoundTrip(SluiceResources.OvnFips),
        ["OvnSnatRule"] = RoundTrip(SluiceResources.OvnSnatRules),
        ["OvnDnatRule"] = RoundTrip(SluiceResources.OvnDnatRules),
    };

    /// <summary>The object read into its record and written again.</summary>
    public static JsonNode RoundTrip(JsonObject value) => RoundTrips[Kind(value)](value);

    public static bool IsOurs(JsonObject value) => RoundTrips.ContainsKey(Kind(value));

    public static string Kind(JsonObject value) => value["kind"]!.GetValue<string>();

    private static Func<JsonNode, JsonNode> RoundTrip<T>(ResourceType<T> type)
        where T : KubeObject =>
        value => JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(value, type.Json)!, type.Json)!;
}
