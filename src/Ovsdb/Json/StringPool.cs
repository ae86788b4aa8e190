using System.Text;
using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>
/// Gives equal strings one instance while they are decoded: types, map keys and owners repeat in every row of a replica.
/// A fixed table where the newer string wins, so it cannot grow.
/// </summary>
internal sealed class StringPool
{
    private const int Slots = 1 << 12;
    private const int MaxLength = 64;

    private readonly string?[] _strings = new string?[Slots];

    /// <summary>The string at which the reader stands.</summary>
    public string Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length > MaxLength)
            return reader.GetString()!;
        if (reader.ValueSpan.IsEmpty)
            return "";

        var hash = default(HashCode);
        hash.AddBytes(reader.ValueSpan);
        ref var slot = ref _strings[hash.ToHashCode() & (Slots - 1)];
        return slot is not null && Ascii.Equals(reader.ValueSpan, slot) ? slot : slot = reader.GetString()!;
    }
}
