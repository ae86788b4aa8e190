using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Api;

/// <summary>
/// A number of addresses in a status. An IPv6 subnet has more than 2^63 of them, and the API server keeps such numbers only as
/// 64-bit floats: the count is rounded the same way here, so that what was written equals what is read back.
/// </summary>
[JsonConverter(typeof(Converter))]
public readonly record struct AddressCount
{
    public AddressCount(UInt128 value) => Value = value <= (UInt128)long.MaxValue ? value : (UInt128)(double)value;

    public UInt128 Value { get; }

    public static implicit operator AddressCount(UInt128 value) => new(value);

    public static implicit operator AddressCount(int value) => new((UInt128)value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A JSON number; a quoted one, as older objects carry, is read too.</summary>
    public sealed class Converter : JsonConverter<AddressCount>
    {
        public override AddressCount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType switch
            {
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan),
                JsonTokenType.String => reader.GetString()!,
                _ => throw new JsonException("expected a number"),
            };
            if (UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var exact)) return exact;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rounded) && rounded >= 0) return (UInt128)rounded;
            throw new JsonException($"'{text}' is no number of addresses");
        }

        public override void Write(Utf8JsonWriter writer, AddressCount value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.ToString(), skipInputValidation: true);
    }
}
