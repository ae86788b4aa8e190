namespace Sluice.Kube.Tests.Client;

/// <summary>Hands out bytes in pieces of given sizes, over and over, as a network does.</summary>
internal sealed class ChunkedStream(byte[] bytes, IReadOnlyList<int> sizes) : MemoryStream(bytes)
{
    private int _reads;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var size = Math.Min(buffer.Length, sizes[_reads++ % sizes.Count]);
        return base.ReadAsync(buffer[..size], cancellationToken);
    }
}
