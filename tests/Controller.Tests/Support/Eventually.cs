using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Sluice.Controller.Tests.Support;

/// <summary>Waits for what happens elsewhere.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task HoldsAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        HoldsAsync(() => Task.FromResult(condition()), () => "", what);

    /// <param name="describe">What there is instead, for the failure.</param>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition, Func<string> describe, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new TimeoutException($"After {Patience} still not: {what} {describe()}");
            await Task.Delay(10);
        }
    }
}
