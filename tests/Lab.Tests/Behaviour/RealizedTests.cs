using System.Diagnostics;
using Sluice.Api;
using Sluice.Kube;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Behaviour;

/// <summary>Who waits for condition Realized needs no second ping.</summary>
public sealed class RealizedTests(RealizedTests.RealizedLab fixture, ITestOutputHelper output) : IClassFixture<RealizedTests.RealizedLab>
{
    private const int Repetitions = 200;
    private const string Address = "10.5.204.222";

    private static readonly string[] Pods = ["vpc-1-busybox01", "vpc-1-busybox02", "vpc-1-busybox03"];

    private readonly LabCluster _lab = fixture.Lab;

    [Fact]
    public async Task The_first_ping_through_a_realized_FIP_is_answered()
    {
        using var client = new KubeClient(KubeConfig.Load(_lab.ControlPlane.AdminKubeConfig));
        var latencies = new List<TimeSpan>();
        var unanswered = new List<int>();
        for (var number = 0; number < Repetitions; number++)
        {
            var (eip, fip) = Pair($"again-{number}", Pods[number % Pods.Length], centralized: number % 4 == 3);
            var started = Stopwatch.GetTimestamp();
            await client.CreateAsync(SluiceResources.OvnEips, eip);
            await client.CreateAsync(SluiceResources.OvnFips, fip);
            await SeenAsync(client, fip.Metadata.Name, item => item?.Status?.Conditions.IsTrue(ConditionTypes.Realized) == true);
            latencies.Add(Stopwatch.GetElapsedTime(started));
            // The router outside still knows whose the address was. OVN tells it otherwise, but only after a second.
            await _lab.Exec(LabLayout.External, "ip", "neigh", "flush", "to", Address).RunAsync();
            if (!await AnswersAsync())
                unanswered.Add(number);
            await client.DeleteAsync(SluiceResources.OvnFips, null, fip.Metadata.Name);
            await client.DeleteAsync(SluiceResources.OvnEips, null, eip.Metadata.Name);
            await SeenAsync(client, fip.Metadata.Name, item => item is null);
        }

        latencies.Sort();
        output.WriteLine(
            $"figure: {Repetitions} times an EIP and a FIP: from POST to Realized {latencies[Repetitions / 2].TotalMilliseconds:0} ms (p50), "
            + $"{latencies[Repetitions * 99 / 100].TotalMilliseconds:0} ms (p99); first ping unanswered {unanswered.Count} times");
        unanswered.ShouldBeEmpty();
    }

    [Fact]
    public async Task Kubectl_can_wait_for_it()
    {
        await fixture.ApplyAsync(
            Manifests.Of("OvnEip", "waited", "externalSubnet: external204, type: nat")
            + Manifests.Of("OvnFip", "waited", $"ovnEip: waited, ipName: {Pods[0]}.vpc1"));
        await _lab.Kubectl("wait", "--for=condition=Realized", "--timeout=60s", "ofip/waited").RunAsync();

        var address = await fixture.EipAsync("waited");
        (await _lab.Exec(LabLayout.Internet, "ping", "-c", "1", "-W", "2", address.ToString()).TryAsync()).ExitCode.ShouldBe(0);
        await _lab.Kubectl("delete", "ofip/waited", "oeip/waited").RunAsync();
    }

    [Fact]
    public async Task Agents_tell_what_they_did()
    {
        var plugged = 0;
        foreach (var node in _lab.Nodes)
        {
            var metrics = (await node.AgentMetricsAsync()).ShouldNotBeNull();
            metrics.ShouldContain("sluice_agent_ovs_connected 1\n");
            metrics.ShouldContain("sluice_agent_reconcile_total{kind=\"ProviderNetwork\",result=\"done\"} ");
            plugged += metrics.Contains("sluice_agent_cni_requests_total{command=\"add\",result=\"done\"} ", StringComparison.Ordinal) ? 1 : 0;
        }
        plugged.ShouldBeGreaterThan(0);
    }

    /// <summary>Always the same address, so that it leads from one pod to the next.</summary>
    private static (OvnEip Eip, OvnFip Fip) Pair(string name, string pod, bool centralized) =>
    (
        new() { Metadata = new() { Name = name }, Spec = new() { ExternalSubnet = LabOptions.ExternalSwitch, Type = EipTypes.Nat, V4Ip = Address } },
        new()
        {
            Metadata = new() { Name = name },
            Spec = new() { OvnEip = name, IpName = $"{pod}.vpc1", Type = centralized ? GatewayTypes.Centralized : null },
        }
    );

    private async Task<bool> AnswersAsync() =>
        (await _lab.Exec(LabLayout.Internet, "ping", "-c", "1", "-W", "2", Address).TryAsync()).ExitCode == 0;

    /// <summary>Watches a FIP until it is as it should be; null stands for one that is gone.</summary>
    private static async Task SeenAsync(KubeClient client, string name, Func<OvnFip?, bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var found = await client.FindAsync(SluiceResources.OvnFips, null, name, limit.Token);
        if (condition(found))
            return;
        var options = new WatchOptions { FieldSelector = $"metadata.name={name}", ResourceVersion = found!.Metadata.ResourceVersion };
        await foreach (var change in client.WatchAsync(SluiceResources.OvnFips, options, limit.Token))
        {
            if (condition(change.Type == WatchEventType.Deleted ? null : change.Object))
                return;
        }
        throw new InvalidOperationException("the watch ended");
    }

    public sealed class RealizedLab() : FullLab(new LabOptions { ControllerArguments = ["--report-realized"] })
    {
        public override async Task InitializeAsync()
        {
            await base.InitializeAsync();
            await ApplySeedAsync("1.1-underlay-network", "1.3-custom-vpc", "pods");
            await WaitReadyAsync("subnet/external204", "vpc/vpc1", "subnet/vpc1-subnet1");
            await Lab.Kubectl("wait", "--for=condition=Ready", "--timeout=60s", "-n", "vpc1", "pod", "--all").RunAsync();
        }
    }
}
