using System.Runtime.CompilerServices;

namespace Sluice.Compatibility.Tests;

/// <summary>The tables of docs/compatibility.md.</summary>
internal static class CompatibilityPage
{
    private static readonly string[] Lines = File.ReadAllLines(Repository("docs", "compatibility.md"));

    /// <summary>A file of the checkout that these tests were compiled from.</summary>
    public static string Repository(params string[] path) => Path.Combine([Path.GetDirectoryName(Here())!, "..", "..", .. path]);

    /// <summary>The rows of the table below a heading, as cells without back quotes; the table's head is left out.</summary>
    public static IReadOnlyList<string[]> Table(string heading)
    {
        var start = Array.FindIndex(Lines, line => line.StartsWith('#') && line.TrimStart('#', ' ') == heading);
        start.ShouldBeGreaterThanOrEqualTo(0, $"the page has no heading \"{heading}\"");
        return
        [
            .. Lines.Skip(start + 1).TakeWhile(line => !line.StartsWith('#')).Where(line => line.StartsWith('|')).Skip(2)
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries).Select(cell => cell.Trim('`')).ToArray()),
        ];
    }

    /// <summary>The states of the things in the first column.</summary>
    public static Dictionary<string, string> States(string heading) => Table(heading).ToDictionary(row => row[0], row => row[1], StringComparer.Ordinal);

    private static string Here([CallerFilePath] string file = "") => file;
}
