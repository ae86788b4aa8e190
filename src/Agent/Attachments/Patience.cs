namespace Sluice.Agent.Attachments;

/// <summary>Waiting with an end, and with words for what was waited for.</summary>
internal static class Patience
{
    /// <param name="explain">What was missing when patience ended.</param>
    /// <exception cref="CniFailureException">Patience ended.</exception>
    public static async Task ForAsync(TimeSpan patience, TimeProvider time, Func<CancellationToken, Task> work, Func<string> explain, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            await work(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw CniFailureException.TryAgainLater(explain());
        }
    }
}
