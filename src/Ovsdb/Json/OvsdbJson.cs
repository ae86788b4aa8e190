using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>What the encoders and decoders share.</summary>
internal static class OvsdbJson
{
    /// <summary>The output goes to a database, not into a web page: only what JSON demands is escaped. What we write is well-formed.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A string member of an object; the object itself if it is a string; "" if there is neither.</summary>
    public static string Text(ReadOnlySpan<byte> json, string member)
    {
        var reader = Envelope.At(json);
        if (reader.TokenType == JsonTokenType.String)
            return member == "error" ? reader.GetString()! : "";
        while (reader.TokenType == JsonTokenType.StartObject || reader.TokenType == JsonTokenType.PropertyName || reader.CurrentDepth > 0)
        {
            if (!reader.Read())
                break;
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(member))
            {
                reader.Read();
                return reader.TokenType == JsonTokenType.String ? reader.GetString()! : "";
            }
        }

        return "";
    }
}
