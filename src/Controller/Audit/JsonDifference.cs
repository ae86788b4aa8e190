using System.Text.Json.Nodes;

namespace Sluice.Controller.Audit;

/// <summary>Where two JSON documents differ.</summary>
internal static class JsonDifference
{
    /// <summary>The paths of values that differ, objects field by field and lists as a whole, sorted.</summary>
    public static IEnumerable<AuditField> Of(JsonNode? old, JsonNode? @new, string path = "")
    {
        if (old is JsonObject or null && @new is JsonObject or null && (old ?? @new) is not null)
        {
            var (before, after) = (old as JsonObject ?? [], @new as JsonObject ?? []);
            return before.Select(field => field.Key).Union(after.Select(field => field.Key)).Order(StringComparer.Ordinal)
                .SelectMany(name => Of(before[name], after[name], path.Length == 0 ? name : $"{path}.{name}"));
        }
        return JsonNode.DeepEquals(old, @new) ? [] : [new(path, old?.ToJsonString(), @new?.ToJsonString())];
    }
}
