using System.Diagnostics;
using System.Globalization;
using Sluice.Lab.Demo;
using Sluice.Lab.Network;
using Sluice.Lab.Ovn;
using Sluice.Lab.Processes;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Databases;

/// <summary>Members of the northbound database's cluster die under traffic: a packet every 10 ms by a FIP and an SNAT rule.</summary>
public sealed class ClusterTests(ClusterLab fixture, ITestOutputHelper output) : IClassFixture<ClusterLab>
{
    private const string Schema = "OVN_Northbound", Metric = "sluice_database_connected{database=\"northbound\"}";

    private readonly LabCluster _lab = fixture.Lab;

    [Fact]
    public async Task A_change_made_while_the_leader_dies_is_carried_out_by_the_next()
    {
        var leader = await LeaderAsync();
        await using var traffic = await TrafficAsync();

        await leader.Northbound.Server.KillAsync();
        var started = Stopwatch.GetTimestamp();
        await fixture.ApplyAsync(Rule("leader"));
        await fixture.WaitReadyAsync("ofip/leader");
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        (await LeaderAsync()).ShouldNotBe(leader);
        await traffic.StopAsync(string.Create(CultureInfo.InvariantCulture, $"leader of the northbound database killed: a new FIP works after {seconds:0.0} s"), output);

        await leader.Northbound.Server.StartAsync();
        await RemoveAsync("leader");
    }

    [Fact]
    public async Task Without_a_quorum_changes_wait_and_nothing_is_lost()
    {
        var dead = _lab.Ovn.Members.Where(member => member != _lab.Ovn.Members[0]).ToArray();
        await using var traffic = await TrafficAsync();

        await Task.WhenAll(dead.Select(member => member.Northbound.Server.KillAsync()));
        await IsConnectedAsync(0);
        await fixture.ApplyAsync(Rule("quorum"));
        await IsConnectedAsync(0);
        (await fixture.JsonPathAsync("ofip/quorum", "{.status.ready}")).ShouldNotBe("true", "nobody can have written its rows");
        await _lab.Kubectl("delete", "ofip", "far", "--wait=false").RunAsync();
        await _lab.Kubectl("delete", "osnat", "all", "--wait=false").RunAsync();
        await traffic.AnswersAsync(100);
        await traffic.StopAsync("northbound database without a quorum", output);

        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(dead.Select(member => member.Northbound.Server.StartAsync()));
        await fixture.WaitReadyAsync("ofip/quorum");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"figure: quorum of the northbound database back: changes that waited are carried out after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        await _lab.Kubectl("wait", "--for=delete", "--timeout=60s", "ofip/far", "osnat/all").RunAsync();
        await fixture.ApplyReadyAsync(Manifests.Of("OvnFip", "far", "ovnEip: far, ipName: far.shop") + Manifests.Of("OvnSnatRule", "all", "ovnEip: all, vpcSubnet: shop-net"));
        await RemoveAsync("quorum");
    }

    /// <summary>What an older file lacks is written anew, what it has too much is removed, and rows of others are as they were then.</summary>
    [Fact]
    public async Task A_restored_backup_is_made_true_again()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-backup-");
        try
        {
            await _lab.Nbctl("lr-add", "foreign").RunAsync();
            await fixture.ApplyReadyAsync(Rule("older"));
            await fixture.SettleAsync();
            var ko = _lab.Ko("nb", "backup");
            var file = (await new Command("env", ["-C", folder.FullName, ko.Program, .. ko.Arguments]) { Environment = ko.Environment }.RunAsync()).Trim();
            await RemoveAsync("older");
            await _lab.Nbctl("lr-del", "foreign").RunAsync();
            await fixture.ApplyReadyAsync(Rule("newer"));
            await using var traffic = await TrafficAsync();

            await _lab.Ko("nb", "restore", file).RunAsync();

            await traffic.AnswersAsync(100);
            await fixture.SettleAsync();
            await Eventually.SucceedsAsync(_lab.Ko("diff"));
            await traffic.StopAsync("older backup of the northbound database restored", output, isInterrupted: true);
            (await fixture.NamesAsync("Logical_Router")).ShouldContain("foreign");
            await fixture.WaitReadyAsync("ofip/newer");
            await _lab.Nbctl("lr-del", "foreign").RunAsync();
            await RemoveAsync("newer");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Its_state_is_told_by_ko()
    {
        (await _lab.Ko("nb", "status").RunAsync()).ShouldContain("Role: leader");
        (await _lab.Ko("sb", "status").RunAsync()).ShouldContain("Role: leader");
        (await _lab.Ko("nb", "dbstatus").RunAsync()).Split('\n').Count(line => line.Contains("status: ok", StringComparison.Ordinal)).ShouldBe(3);
    }

    private static string Rule(string name) => Manifests.Eip(name, "externalSubnet: external204") + Manifests.Of("OvnFip", name, $"ovnEip: {name}, ipName: near.shop");

    private async Task RemoveAsync(string rule)
    {
        await _lab.Kubectl("delete", "--timeout=60s", "ofip", rule).RunAsync();
        await _lab.Kubectl("delete", "--timeout=60s", "oeip", rule).RunAsync();
    }

    private Task IsConnectedAsync(double value) => Eventually.HoldsAsync(
        async () => await _lab.ControllerMetricAsync(Metric) == value, () => $"{Schema} is not {value}");

    private async Task<OvnMember> LeaderAsync()
    {
        OvnMember? leader = null;
        await Eventually.HoldsAsync(async () =>
        {
            foreach (var member in _lab.Ovn.Members)
            {
                var status = await new Command("ovn-appctl", "-t", Path.Combine(member.Directory, "ovnnb_db.ctl"), "cluster/status", Schema).TryAsync();
                if (status.Output.Contains("Role: leader", StringComparison.Ordinal)) leader = member;
            }
            return leader is not null;
        }, () => "nobody leads");
        return leader!;
    }

    private async Task<Traffic> TrafficAsync() => await Traffic.StartAsync(_lab, await fixture.EipAsync("far"));

    private sealed class Traffic(PingStream fip, PingStream snat) : IAsyncDisposable
    {
        public static async Task<Traffic> StartAsync(LabCluster lab, System.Net.IPAddress fip) => new(
            await PingStream.StartAsync(lab, LabLayout.Internet, fip),
            await PingStream.StartAsync(lab, ClusterLab.Near, LabAddresses.InternetHost[0].Address));

        public Task AnswersAsync(int count) => Task.WhenAll(fip.AnswersAsync(count), snat.AnswersAsync(count));

        /// <param name="isInterrupted">Whether rows were taken away for a moment, which packets may notice.</param>
        public async Task StopAsync(string what, ITestOutputHelper output, bool isInterrupted = false)
        {
            var (fips, snats) = (await fip.StopAsync(), await snat.StopAsync());
            output.WriteLine($"figure: {what}: FIP {fips}, SNAT {snats}");
            if (isInterrupted)
                return;
            fips.Lost.ShouldBe(0);
            snats.Lost.ShouldBe(0);
        }

        public async ValueTask DisposeAsync()
        {
            await fip.DisposeAsync();
            await snat.DisposeAsync();
        }
    }
}
