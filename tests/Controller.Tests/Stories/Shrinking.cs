using System.Diagnostics;

namespace Sluice.Controller.Tests.Stories;

/// <summary>Finds out what of a story matters: delta debugging (Zeller, Hildebrandt 2002), without its tests of subsets alone.</summary>
internal static class Shrinking
{
    /// <summary>Leaves out halves, quarters, and at last single items, for as long as what is left still fails.</summary>
    /// <param name="patience">After which the fewest found until then are returned.</param>
    public static async Task<IReadOnlyList<T>> FewestAsync<T>(IReadOnlyList<T> items, Func<IReadOnlyList<T>, Task<bool>> fails, TimeSpan patience)
    {
        var started = Stopwatch.GetTimestamp();
        for (var size = Math.Max(1, items.Count / 2); ; size = Math.Max(1, size / 2))
        {
            var before = items.Count;
            for (var at = 0; at < items.Count;)
            {
                if (Stopwatch.GetElapsedTime(started) > patience)
                    return items;
                T[] fewer = [.. items.Take(at), .. items.Skip(at + size)];
                if (await fails(fewer)) items = fewer;
                else at += size;
            }
            if (size == 1 && items.Count == before)
                return items;
        }
    }
}
