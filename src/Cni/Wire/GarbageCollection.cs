using System.Text.Json.Serialization;

namespace Sluice.Cni.Wire;

/// <summary>The body of <c>POST /api/v1/gc</c>: every attachment of the network that is not listed may go.</summary>
internal sealed record GcRequest
{
    [JsonPropertyName("network")]
    public string Network { get => field ?? ""; init; } = "";

    [JsonPropertyName("valid_attachments")]
    public IReadOnlyList<AttachmentId> ValidAttachments { get => field ?? []; init; } = [];
}

/// <summary>What identifies an attachment to a container runtime.</summary>
internal readonly record struct AttachmentId(
    [property: JsonPropertyName("containerID")] string ContainerId,
    [property: JsonPropertyName("ifname")] string IfName);
