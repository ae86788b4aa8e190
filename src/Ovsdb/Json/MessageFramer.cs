namespace Sluice.Ovsdb;

/// <summary>
/// Finds where messages end in a byte stream: JSON-RPC over OVSDB has no other framing than JSON's own (RFC 7047 section 4).
/// Each byte is looked at once, however the stream is cut into pieces.
/// </summary>
internal struct MessageFramer
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    /// <summary>Scans <paramref name="bytes"/> up to the end of a message.</summary>
    /// <returns>The number of bytes up to and including the message's last, or -1 if it does not end here.</returns>
    /// <exception cref="OvsdbException">What follows is not a JSON object.</exception>
    public int Scan(ReadOnlySpan<byte> bytes)
    {
        var index = 0;
        while (index < bytes.Length)
        {
            if (_inString)
            {
                index = SkipString(bytes, index);
                continue;
            }

            var next = bytes[index..].IndexOfAny("\"{}[]"u8);
            if (_depth == 0 && !IsBlank(next < 0 ? bytes[index..] : bytes.Slice(index, next)))
                throw OvsdbException.Protocol("a message must be a JSON object");
            if (next < 0)
                return -1;

            index += next;
            switch (bytes[index++])
            {
                case (byte)'"':
                    _inString = true;
                    break;
                case (byte)'{' or (byte)'[':
                    _depth++;
                    break;
                default:
                    if (--_depth == 0)
                        return index;
                    break;
            }
        }

        return -1;
    }

    private int SkipString(ReadOnlySpan<byte> bytes, int index)
    {
        if (_escaped)
        {
            _escaped = false;
            return index + 1;
        }

        var stop = bytes[index..].IndexOfAny((byte)'"', (byte)'\\');
        if (stop < 0)
            return bytes.Length;
        if (bytes[index + stop] == '"')
            _inString = false;
        else
            _escaped = true;
        return index + stop + 1;
    }

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0;
}
