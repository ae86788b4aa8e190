using System.Diagnostics;

namespace Sluice.Agent.Tests.Support;

/// <summary>For what another process does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Tries until it succeeds; when patience ends, the last failure is the test's.</summary>
    public static async Task Succeeds(Func<Task> attempt)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception) when (Stopwatch.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(Interval);
            }
        }
    }

    /// <inheritdoc cref="Succeeds(Func{Task})"/>
    public static Task Succeeds(Action attempt) => Succeeds(() =>
    {
        attempt();
        return Task.CompletedTask;
    });
}
