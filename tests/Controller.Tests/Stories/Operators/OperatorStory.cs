using Sluice.Controller.Tests.Support;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>A sequence of what operators do wrong to a live network and mend again, drawn from a seed.</summary>
internal static class OperatorStory
{
    /// <summary>How many mistakes stand at once.</summary>
    private const int Most = 4;

    /// <summary>So many steps, of which the last mend what is still wrong.</summary>
    public static IReadOnlyList<IStep> Tell(int seed, int steps)
    {
        var random = new Random(seed);
        // Kinds come up equally often, however many ways there are to get one wrong.
        var kinds = Slips.All.GroupBy(slip => slip.Kind).Select(kind => kind.ToArray()).ToArray();
        var (story, open, touched) = (new List<IStep>(), new List<Slip>(), new HashSet<string>(StringComparer.Ordinal));
        while (story.Count + open.Count < steps)
        {
            var draw = random.Next(10);
            if (draw == 0)
            {
                story.Add(new OperatorRestart());
            }
            else if (open.Count > 0 && (draw <= 4 || open.Count == Most))
            {
                Mend(open[random.Next(open.Count)]);
            }
            else
            {
                var kind = kinds[random.Next(kinds.Length)];
                var slip = kind[random.Next(kind.Length)];
                if (!touched.Add(slip.Target)) continue;
                story.Add(slip.Mistake);
                if (slip.Mending is not null) open.Add(slip);
            }
        }
        foreach (var slip in open.ToArray()) Mend(slip);
        return story;

        void Mend(Slip slip)
        {
            story.Add(slip.Mending!);
            open.Remove(slip);
            touched.Remove(slip.Target);
        }
    }

    /// <summary>The mistakes of a story that nothing mends, for a part of one: what mends them.</summary>
    public static IEnumerable<IStep> Mendings(IReadOnlyList<IStep> told) =>
        Slips.All.Where(slip => slip.Mending is not null && told.LastIndexOf(slip.Mistake) > told.LastIndexOf(slip.Mending)).Select(slip => slip.Mending!);

    private static int LastIndexOf(this IReadOnlyList<IStep> steps, IStep step)
    {
        for (var at = steps.Count - 1; at >= 0; at--)
        {
            if (ReferenceEquals(steps[at], step)) return at;
        }
        return -1;
    }

    /// <summary>Somebody stops the controller at once and starts it again: nothing is other than before.</summary>
    private sealed record OperatorRestart : IOperatorStep
    {
        public Task RunAsync(World world) => world.RestartControllerAsync();

        public override string ToString() => "restart";
    }
}
