using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sluice.Kube;

/// <summary>Reads a watch: one JSON object per line, <c>{"type": ..., "object": ...}</c>, each delivered as soon as its line is whole.</summary>
internal static class WatchReader
{
    /// <summary>Ends when the server ends the watch. An unfinished last line is dropped: whoever resumes will see it again.</summary>
    /// <exception cref="KubeException">The server sent an error, for example that the resource version has expired.</exception>
    /// <exception cref="JsonException">A line is not a watch event.</exception>
    public static async IAsyncEnumerable<WatchEvent<T>> ReadAsync<T>(
        Stream stream,
        ResourceType<T> type,
        [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : KubeObject
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 32 * 1024));
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    if (rest.Slice(0, end) is { IsEmpty: false } line)
                        yield return Parse(line, type);
                    rest = rest.Slice(rest.GetPosition(1, end));
                }

                if (read.IsCompleted)
                    yield break;
                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    internal static WatchEvent<T> Parse<T>(in ReadOnlySequence<byte> line, ResourceType<T> type)
        where T : KubeObject =>
        JsonBytes.Read(line, type, static (json, type) => Parse(json, type));

    private static WatchEvent<T> Parse<T>(ReadOnlySpan<byte> line, ResourceType<T> type)
        where T : KubeObject
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = JsonLimits.MaxDepth });
        ReadOnlySpan<byte> word = default;
        ReadOnlySpan<byte> json = default;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                word = reader.ValueSpan;
            }
            else if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                json = line[start..(int)reader.BytesConsumed];
            }
            else
            {
                reader.Skip();
            }
        }

        return word switch
        {
            _ when word.SequenceEqual("ADDED"u8) => Change(WatchEventType.Added, json, type),
            _ when word.SequenceEqual("MODIFIED"u8) => Change(WatchEventType.Modified, json, type),
            _ when word.SequenceEqual("DELETED"u8) => Change(WatchEventType.Deleted, json, type),
            _ when word.SequenceEqual("BOOKMARK"u8) => Bookmark<T>(json),
            _ when word.SequenceEqual("ERROR"u8) => throw new KubeException($"watch {type}", JsonBytes.Deserialize(json, KubeJsonContext.Default.Status)),
            _ => throw new JsonException($"A watch of {type} brought a line of unknown type"),
        };
    }

    private static WatchEvent<T> Change<T>(WatchEventType change, ReadOnlySpan<byte> json, ResourceType<T> type)
        where T : KubeObject
    {
        var (item, unreadable) = JsonBytes.TryReadObject(json, type);
        return new WatchEvent<T>(change, item, item?.Metadata.ResourceVersion ?? unreadable?.ResourceVersion ?? "") { Unreadable = unreadable };
    }

    private static WatchEvent<T> Bookmark<T>(ReadOnlySpan<byte> json)
        where T : KubeObject
    {
        var version = JsonBytes.Deserialize(json, KubeJsonContext.Default.PartialObject).Metadata.ResourceVersion;
        return new WatchEvent<T>(WatchEventType.Bookmark, null, version ?? "");
    }
}
