using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sluice.Kube;

/// <summary>Reads values out of network buffers, which are mostly, but not always, in one piece.</summary>
internal static class JsonBytes
{
    public delegate TResult Reader<in TState, out TResult>(ReadOnlySpan<byte> json, TState state);

    /// <summary>Shows the bytes in one piece, copying them only if they are not.</summary>
    public static TResult Read<TState, TResult>(in ReadOnlySequence<byte> json, TState state, Reader<TState, TResult> read)
    {
        if (json.IsSingleSegment)
            return read(json.FirstSpan, state);

        var rented = ArrayPool<byte>.Shared.Rent(checked((int)json.Length));
        try
        {
            json.CopyTo(rented);
            return read(rented.AsSpan(0, (int)json.Length), state);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <exception cref="JsonException">The object does not fit its model; the message names it.</exception>
    public static T ReadObject<T>(ReadOnlySpan<byte> json, ResourceType<T> type)
        where T : KubeObject
    {
        try
        {
            return type.Typed(Deserialize(json, type.Json));
        }
        catch (JsonException e) when (e.Path is not null)
        {
            throw new JsonException($"{type.Kind} {Deserialize(json, KubeJsonContext.Default.PartialObject).Key}: {e.Message}", e);
        }
    }

    /// <summary>What <see cref="ReadObject"/> says, or what is wrong with that one object when its metadata at least can be read.</summary>
    /// <exception cref="JsonException">Not even the metadata can be read.</exception>
    public static (T? Item, UnreadableObject? Unreadable) TryReadObject<T>(ReadOnlySpan<byte> json, ResourceType<T> type)
        where T : KubeObject
    {
        try
        {
            return (ReadObject(json, type), null);
        }
        catch (JsonException e)
        {
            var known = Deserialize(json, KubeJsonContext.Default.PartialObject);
            if (known.Metadata is not { Name.Length: > 0, ResourceVersion: { Length: > 0 } version })
                throw;
            return (null, new(known.Key, version, e.Message));
        }
    }

    public static T Deserialize<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException($"Expected a {typeof(T).Name}, found null");
}
