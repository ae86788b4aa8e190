using System.Text.Json;

namespace Sluice.Kube;

/// <summary>How to delete, and under which conditions (DeleteOptions, meta/v1).</summary>
public sealed record DeleteOptions
{
    /// <summary>Delete only this incarnation of the object.</summary>
    public string? Uid { get; init; }

    /// <summary>Delete only if the object has not changed since.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>Zero deletes at once; null leaves it to the kind.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary><c>Background</c>, <c>Foreground</c> or <c>Orphan</c>; null leaves it to the kind.</summary>
    public string? PropagationPolicy { get; init; }

    internal ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", "v1");
            json.WriteString("kind", "DeleteOptions");
            if (GracePeriodSeconds is { } seconds)
                json.WriteNumber("gracePeriodSeconds", seconds);
            if (PropagationPolicy is not null)
                json.WriteString("propagationPolicy", PropagationPolicy);
            if (Uid is not null || ResourceVersion is not null)
            {
                json.WriteStartObject("preconditions");
                if (Uid is not null)
                    json.WriteString("uid", Uid);
                if (ResourceVersion is not null)
                    json.WriteString("resourceVersion", ResourceVersion);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
