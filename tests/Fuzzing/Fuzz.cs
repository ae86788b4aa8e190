using System.Globalization;
using System.Text;

namespace Sluice.Fuzzing;

/// <summary>
/// Inputs that are nearly right: real ones with a few things changed. The same seed gives the same inputs; <c>SLUICE_FUZZ</c> multiplies
/// how many there are.
/// </summary>
internal static class Fuzz
{
    private const int MostChanges = 4;

    private static readonly string[] Tokens =
    [
        "", "\0", "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", "[[[[", ":", ",", "/", "..", "-", "0", "-1", "1e999", "9223372036854775808",
        "18446744073709551616", "4294967296", "null", "true", "\"uuid\"", "\"set\"", "\"map\"", "::", "255.255.255.255", "/33", "/129", "=", ";", "\n", "\t", "é", "💥",
    ];

    /// <param name="count">By default.</param>
    public static int Count(int count) =>
        int.TryParse(Environment.GetEnvironmentVariable("SLUICE_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var factor) ? count * factor : count;

    /// <summary>Each changed input with the number by which it can be made again.</summary>
    public static IEnumerable<(int Seed, byte[] Input)> Bytes(int count, params string[] corpus)
    {
        var real = corpus.Select(Encoding.UTF8.GetBytes).ToArray();
        return Enumerable.Range(1, Count(count)).Select(seed => (seed, Change(real, new Random(seed))));
    }

    /// <summary>Likewise, as text; what is no UTF-8 any more becomes replacement characters.</summary>
    public static IEnumerable<string> Texts(int count, params string[] corpus) => Bytes(count, corpus).Select(item => Encoding.UTF8.GetString(item.Input));

    private static byte[] Change(byte[][] corpus, Random random)
    {
        var input = corpus[random.Next(corpus.Length)].ToList();
        for (var changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
        {
            var at = random.Next(input.Count + 1);
            var length = random.Next(Math.Min(input.Count - at, 16) + 1);
            switch (random.Next(7))
            {
                case 0 when at < input.Count:
                    input[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < input.Count:
                    input[at] = (byte)random.Next(256);
                    break;
                case 2:
                    input.RemoveRange(at, length);
                    break;
                case 3:
                    input.InsertRange(at, input.GetRange(at, length));
                    break;
                case 4:
                    input.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                case 5:
                    input.RemoveRange(at, length);
                    input.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
                    break;
                default:
                    var other = corpus[random.Next(corpus.Length)];
                    input = [.. input[..at], .. other[random.Next(other.Length + 1)..]];
                    break;
            }
        }
        return [.. input];
    }
}
