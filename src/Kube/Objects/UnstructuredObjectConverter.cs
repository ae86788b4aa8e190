using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Sluice.Kube;

/// <summary>
/// Splits an object into what is typed and the rest. (A JsonObject as extension data would be written nested, which is not JSON.)
/// </summary>
internal sealed class UnstructuredObjectConverter : JsonConverter<UnstructuredObject>
{
    public override UnstructuredObject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (JsonNode.Parse(ref reader) is not JsonObject fields)
            throw new JsonException("Expected an object");

        fields.Remove("apiVersion", out var apiVersion);
        fields.Remove("kind", out var kind);
        fields.Remove("metadata", out var metadata);
        return new UnstructuredObject
        {
            ApiVersion = (string?)apiVersion,
            Kind = (string?)kind,
            Metadata = metadata.Deserialize(KubeJsonContext.Default.ObjectMeta) ?? ObjectMeta.Empty,
            Fields = fields,
        };
    }

    public override void Write(Utf8JsonWriter writer, UnstructuredObject value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.ApiVersion is not null)
            writer.WriteString("apiVersion", value.ApiVersion);
        if (value.Kind is not null)
            writer.WriteString("kind", value.Kind);
        writer.WritePropertyName("metadata");
        JsonSerializer.Serialize(writer, value.Metadata, KubeJsonContext.Default.ObjectMeta);
        foreach (var (name, field) in value.Fields)
        {
            writer.WritePropertyName(name);
            if (field is null)
                writer.WriteNullValue();
            else
                field.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
