using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests;

/// <summary>Waits for what becomes true by itself in a running system; the time limit is the assertion.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Repeats a command until it succeeds and returns what it printed.</summary>
    public static async Task<string> SucceedsAsync(Command command)
    {
        var last = new CommandResult(-1, "", "never ran");
        await HoldsAsync(async () => (last = await command.TryAsync()).ExitCode == 0, () => $"{command}: {last.Error}{last.Output}");
        return last.Output;
    }

    /// <summary>Repeats a question until the answer is yes.</summary>
    /// <param name="otherwise">What to say when it never was.</param>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        while (!await condition())
        {
            if (TimeProvider.System.GetUtcNow() > deadline)
                throw new Xunit.Sdk.XunitException($"not within {Patience.TotalSeconds} s: {otherwise()}");
            await Task.Delay(Pause);
        }
    }
}
