using System.Globalization;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.Stories;

/// <summary>
/// Tells stories that are drawn from seeds. <c>SLUICE_STORIES</c> is their number, <c>SLUICE_STORY</c> the seed of the first, which
/// replays one that failed, <c>SLUICE_REPEAT</c> how often each is told. With <c>SLUICE_BUSY</c> so many threads are kept busy meanwhile.
/// What fails is shrunk to the steps that matter.
/// </summary>
internal static class Storytelling
{
    // A test that hangs is ended after ten minutes; what was found until then is worth more than the shortest story.
    private static readonly TimeSpan ShrinkingTime = TimeSpan.FromMinutes(4);

    private static readonly int First = Setting("SLUICE_STORY", 1);
    private static readonly int Repetitions = Setting("SLUICE_REPEAT", 1);

    /// <summary>How many stories of a kind are told.</summary>
    /// <param name="sample">When nobody says otherwise.</param>
    public static int Count(int sample) => Setting("SLUICE_STORIES", sample);

    /// <summary>
    /// Tells all stories. The first one that fails is told again with fewer and fewer steps, until each that is left is needed; of others
    /// that fail it is said how.
    /// </summary>
    /// <param name="story">The steps of the story with a seed.</param>
    /// <param name="busy">How many threads are kept busy when nobody says otherwise.</param>
    public static async Task EachAsync(
        ITestOutputHelper output, int count, Func<int, IReadOnlyList<IStep>> story, Func<IReadOnlyList<IStep>, int, Task> tell, int busy = 0)
    {
        using var loops = new BusyLoops(Setting("SLUICE_BUSY", busy));
        InvalidOperationException? first = null;
        var failures = 0;
        for (var told = 0; told < count * Repetitions; told++)
        {
            var seed = First + (told / Repetitions);
            var steps = story(seed);
            if (await FailureAsync(steps) is not { } failure)
                continue;

            output.WriteLine($"Story {seed} went wrong: {failure.Message}");
            if (failures++ > 0)
                continue;
            var fewest = await Shrinking.FewestAsync(
                steps, async fewer => await FailureAsync(fewer) is { } other && other.GetType() == failure.GetType(), ShrinkingTime);
            first = new InvalidOperationException(
                $"Story {seed} goes wrong with {fewest.Count} of its {steps.Count} steps:\n{string.Join('\n', fewest)}\n{failure.Message}", failure);

            async Task<Exception?> FailureAsync(IReadOnlyList<IStep> told)
            {
                try
                {
                    await tell(told, seed);
                    return null;
                }
                catch (Exception e)
                {
                    return e;
                }
            }
        }

        if (failures > 1)
            output.WriteLine($"{failures} of {count * Repetitions} stories went wrong");
        if (first is not null)
            throw first;
    }

    private static int Setting(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
