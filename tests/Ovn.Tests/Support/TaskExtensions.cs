namespace Sluice.Ovn.Tests.Support;

internal static class TaskExtensions
{
    /// <summary>Ends when the task does, however it ends.</summary>
    public static async Task ContinueWithoutThrowing(this Task task) =>
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
