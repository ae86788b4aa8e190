using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Kube;

/// <summary>Reads values out of network buffers, which are mostly, but not always, in one piece.</summary>
internal static class JsonBytes
{
    public static T Deserialize<T>(in ReadOnlySequence<byte> json, JsonTypeInfo<T> type)
    {
        if (json.IsSingleSegment)
            return Deserialize(json.FirstSpan, type);

        var rented = ArrayPool<byte>.Shared.Rent(checked((int)json.Length));
        try
        {
            json.CopyTo(rented);
            return Deserialize(rented.AsSpan(0, (int)json.Length), type);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public static T Deserialize<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException($"Expected a {typeof(T).Name}, found null");
}
