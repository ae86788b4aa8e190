using System.Text.Json.Nodes;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>The spec in force, as cases show it.</summary>
internal static class Accepted
{
    /// <summary>Mostly it is the written one, and then there is nothing to see.</summary>
    public static void HideIfWritten(JsonObject item)
    {
        if (item["status"] is JsonObject status && JsonNode.DeepEquals(status["accepted"], item["spec"] ?? new JsonObject())) status.Remove("accepted");
    }
}
