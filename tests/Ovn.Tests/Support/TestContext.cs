namespace Sluice.Ovn.Tests.Support;

internal static class TestContext
{
    /// <summary>Ends a test that would hang.</summary>
    public static CancellationToken Timeout() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;
}
