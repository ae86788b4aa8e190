using System.Text.RegularExpressions;

namespace Sluice.Architecture.Tests;

/// <summary>Habits that no analyzer checks.</summary>
public sealed partial class SourceTests
{
    /// <summary>Files that we decided to keep whole although they are longer; every entry says why.</summary>
    private static readonly Dictionary<string, string> LongFiles = [];

    private const int MaxLines = 500;

    [Fact]
    public void A_file_longer_than_500_lines_is_a_decision() =>
        Repository.HandWrittenSources("src", "lab", "tools", "tests", "bench")
            .Where(file => File.ReadLines(file).Count() > MaxLines)
            .Select(Repository.Relative)
            .ShouldBe(LongFiles.Keys, ignoreOrder: true);

    [Fact]
    public void Log_event_ids_are_unique_within_a_project()
    {
        var duplicates =
            from file in Repository.HandWrittenSources("src")
            let project = Repository.Relative(file).Split('/')[1]
            from Match match in EventId().Matches(File.ReadAllText(file))
            group Repository.Relative(file) by (project, match.Groups["id"].Value) into uses
            where uses.Count() > 1
            select $"{uses.Key.project} {uses.Key.Value}: {string.Join(", ", uses)}";

        duplicates.ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_unfinished_is_checked_in() =>
        Repository.HandWrittenSources("src", "lab", "tools", "bench")
            .Where(file => Unfinished().IsMatch(File.ReadAllText(file)))
            .Select(Repository.Relative)
            .ShouldBeEmpty();

    [Fact]
    public void Task_completion_sources_run_their_continuations_elsewhere() =>
        Repository.HandWrittenSources("src", "lab")
            .Where(file => InlineCompletion().IsMatch(File.ReadAllText(file)))
            .Select(Repository.Relative)
            .ShouldBeEmpty();

    [GeneratedRegex(@"\[LoggerMessage\((?:EventId\s*=\s*)?(?<id>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex EventId();

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|XXX|HACK)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"new TaskCompletionSource(<[^>]+>)?\(\)|TaskCompletionSource(<[^>]+>)? \w+ = new\(\)")]
    private static partial Regex InlineCompletion();
}
