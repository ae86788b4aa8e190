using System.Runtime.CompilerServices;

namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>Takes a stream of JSON objects apart, which RFC 7047 (section 4) puts one behind the other with nothing in between.</summary>
internal static class JsonFrames
{
    public static async IAsyncEnumerable<byte[]> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        var frame = new List<byte>();
        var (depth, inText, isEscaped) = (0, false, false);
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            for (var i = 0; i < count; i++)
            {
                var c = buffer[i];
                frame.Add(c);
                if (isEscaped) isEscaped = false;
                else if (inText && c == '\\') isEscaped = true;
                else if (c == '"') inText = !inText;
                else if (!inText && c == '{') depth++;
                else if (!inText && c == '}' && --depth == 0)
                {
                    yield return [.. frame];
                    frame.Clear();
                }
            }
        }
    }
}
