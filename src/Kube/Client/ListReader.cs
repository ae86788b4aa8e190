using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Sluice.Kube;

/// <summary>
/// Reads a list as it arrives, item by item. A list that the server's cache answers is not paged and may be tens of
/// megabytes long; it is never held as a whole.
/// </summary>
internal sealed class ListReader<T>(ResourceType<T> type)
    where T : KubeObject
{
    private readonly List<T> _items = [];
    private readonly List<UnreadableObject> _unreadable = [];
    private ListMeta _meta = new();
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = JsonLimits.MaxDepth });
    private bool _inItems;
    private bool _complete;

    public static async Task<KubeList<T>> ReadAsync(Stream stream, ResourceType<T> type, CancellationToken cancellationToken)
    {
        var list = new ListReader<T>(type);
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 128 * 1024, minimumReadSize: 16 * 1024));
        try
        {
            while (!list._complete)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                var consumed = list.Consume(read.Buffer, read.IsCompleted);
                pipe.AdvanceTo(consumed, read.Buffer.End);
                if (read.IsCompleted && !list._complete)
                    throw new IOException($"The list of {type} ended early");
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }

        return new KubeList<T>(
            list._items,
            list._meta.ResourceVersion ?? "",
            string.IsNullOrEmpty(list._meta.Continue) ? null : list._meta.Continue)
        {
            Unreadable = list._unreadable,
        };
    }

    /// <summary>Takes whole values off the buffer; what follows the returned position has to be shown again with more behind it.</summary>
    private SequencePosition Consume(in ReadOnlySequence<byte> buffer, bool isFinal)
    {
        var reader = new Utf8JsonReader(buffer, isFinal, _state);
        var taken = reader;
        while (!_complete && TryTake(ref reader, buffer))
            taken = reader;
        _state = taken.CurrentState;
        return taken.Position;
    }

    /// <summary>False when the buffer ends inside the next value.</summary>
    private bool TryTake(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer)
    {
        if (!reader.Read())
            return false;

        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName when reader.ValueTextEquals("items"u8):
                if (!reader.Read())
                    return false;
                _inItems = reader.TokenType == JsonTokenType.StartArray;
                return true;

            case JsonTokenType.PropertyName when reader.ValueTextEquals("metadata"u8):
                return reader.Read() && TryTakeValue(ref reader, buffer, out var metadata) && TakeMeta(metadata);

            case JsonTokenType.PropertyName:
                return reader.Read() && reader.TrySkip();

            case JsonTokenType.StartObject when _inItems:
                return TryTakeValue(ref reader, buffer, out var item) && TakeItem(item);

            case JsonTokenType.EndArray:
                _inItems = false;
                return true;

            case JsonTokenType.EndObject:
                _complete = true;
                return true;

            default:
                return reader.TokenType == JsonTokenType.StartObject
                    ? true
                    : throw new JsonException($"Unexpected {reader.TokenType} in a list of {type}");
        }
    }

    private static bool TryTakeValue(ref Utf8JsonReader reader, in ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> value)
    {
        var start = reader.TokenStartIndex;
        var complete = reader.TrySkip();
        value = complete ? buffer.Slice(start, reader.BytesConsumed - start) : default;
        return complete;
    }

    private bool TakeMeta(ReadOnlySequence<byte> json)
    {
        _meta = JsonBytes.Read(json, KubeJsonContext.Default.ListMeta, JsonBytes.Deserialize);
        return true;
    }

    private bool TakeItem(ReadOnlySequence<byte> json)
    {
        var (item, unreadable) = JsonBytes.Read(json, type, JsonBytes.TryReadObject);
        if (item is not null)
            _items.Add(item);
        else
            _unreadable.Add(unreadable!);
        return true;
    }
}
