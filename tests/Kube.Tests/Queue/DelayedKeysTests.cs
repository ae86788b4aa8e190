namespace Sluice.Kube.Tests.Queue;

public sealed class DelayedKeysTests
{
    [Fact]
    public void A_key_counts_until_it_was_handed_on()
    {
        var time = new ManualTimeProvider();
        DelayedKeys<string>? keys = null;
        var counted = -1;
        keys = new DelayedKeys<string>(time, _ => counted = keys!.Count);
        keys.Add("a", TimeSpan.FromSeconds(1));

        time.Advance(TimeSpan.FromSeconds(1));

        counted.ShouldBe(1, "nobody may see it neither here nor there");
        keys.Count.ShouldBe(0);
        keys.Dispose();
    }
}
