using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>Where the parts of a JSON-RPC message stand in its bytes (RFC 7047 section 4: requests, replies and notifications).</summary>
internal readonly struct Envelope
{
    public string? Method { get; private init; }

    /// <summary>Our own ids are numbers; anything else is not ours.</summary>
    public long? Id { get; private init; }

    public Range RawId { get; private init; }

    public Range Params { get; private init; }

    public Range Result { get; private init; }

    public Range Error { get; private init; }

    public bool HasError { get; private init; }

    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    public static Envelope Read(ReadOnlySpan<byte> message)
    {
        var reader = new Utf8JsonReader(message);
        var envelope = default(Envelope);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                envelope = envelope with { Method = reader.GetString() };
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                var range = SkipValue(ref reader, out var token);
                var number = token == JsonTokenType.Number && At(message[range]).TryGetInt64(out var id) ? id : (long?)null;
                envelope = envelope with { Id = number, RawId = range };
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                envelope = envelope with { Params = SkipValue(ref reader, out _) };
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                envelope = envelope with { Result = SkipValue(ref reader, out _) };
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                envelope = envelope with { Error = SkipValue(ref reader, out var token), HasError = token != JsonTokenType.Null };
            }
            else
            {
                SkipValue(ref reader, out _);
            }
        }

        return envelope;
    }

    /// <summary>A reader that stands at the first token.</summary>
    public static Utf8JsonReader At(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        reader.Read();
        return reader;
    }

    private static Range SkipValue(ref Utf8JsonReader reader, out JsonTokenType first)
    {
        reader.Read();
        first = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return start..(int)reader.BytesConsumed;
    }
}
