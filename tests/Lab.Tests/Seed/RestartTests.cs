using System.Globalization;
using Sluice.Lab.Demo;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.Seed;

/// <summary>A controller that dies at rest is not missed, and one that starts finds nothing to do.</summary>
[Collection(SeedLabCollection.Name)]
public sealed class RestartTests(SeedLab fixture)
{
    [Fact]
    public async Task A_killed_controller_costs_no_write_and_no_packet()
    {
        await fixture.Probe.WarmUpAsync("vpc1/vpc-1-busybox01", Probe.InternetAddress, CancellationToken.None);
        await using var ping = RunningCommand.Start(fixture.Lab.Exec("vpc1/vpc-1-busybox01", "ping", "-D", "-i", "0.1", Probe.InternetAddress));
        await ping.WaitForLineAsync(line => line.Contains("icmp_seq=5 ", StringComparison.Ordinal));

        await fixture.AssertResyncWritesNothingAsync(controller => controller.KillAsync());

        var statistics = (await ping.StopAsync()).Single(line => line.Contains("packets transmitted", StringComparison.Ordinal)).Split(' ');
        var (sent, received) = (int.Parse(statistics[0], CultureInfo.InvariantCulture), int.Parse(statistics[3], CultureInfo.InvariantCulture));
        // The one that was under way when ping was stopped has no answer yet.
        received.ShouldBeInRange(sent - 1, sent);
    }
}
