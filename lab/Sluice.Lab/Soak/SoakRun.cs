using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Lab.Nodes;
using Sluice.Lab.Processes;
using Spectre.Console;

namespace Sluice.Lab.Soak;

/// <summary>
/// A lab that users keep changing while one fault after the other is done to it. After each, changes stop until the controller has nothing left
/// to do: then plans and databases must agree, and no address may be leaked or given twice.
/// </summary>
internal sealed class SoakRun(LabCluster lab, IAnsiConsole console, int seed)
{
    private const string External = "external204", Vpc = "soak", Port = "soak-external204";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly KubeClient _client = new(KubeConfig.Load(lab.ControlPlane.AdminKubeConfig));
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, List<double>> _memory = [];
    private readonly Dictionary<string, List<IReadOnlyList<Demo.Loss?>>> _losses = [];
    private int _checks;

    /// <summary>Goes on for about <paramref name="duration"/>, at least once through all faults.</summary>
    /// <returns>Whether nothing was lost and nothing leaked.</returns>
    public async Task<bool> RunAsync(TimeSpan duration, CancellationToken cancellation)
    {
        using var client = _client;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var supervising = SuperviseAsync(ended.Token);
        try
        {
            return await RunRoundsAsync(duration, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await supervising;
        }
    }

    private async Task<bool> RunRoundsAsync(TimeSpan duration, CancellationToken cancellation)
    {
        await PrepareAsync(cancellation);
        var baseline = await AddressesInUseAsync(cancellation);
        var churn = new Churn(_client, Vpc, External, seed);
        var random = new Random(seed);
        var started = Stopwatch.GetTimestamp();
        var faults = Fault.Of(lab, ActiveAsync);
        do
        {
            foreach (var fault in Shuffled(faults, random))
                await SufferAsync(fault, churn, cancellation);
        }
        while (Stopwatch.GetElapsedTime(started) < duration);

        await churn.ClearAsync(cancellation);
        await RestsAsync(cancellation);
        await CheckAsync("the end, when users have deleted everything", cancellation);
        var left = await AddressesInUseAsync(cancellation);
        Expect(left == baseline, $"{left - baseline:0} addresses of Subnet \"{External}\" are leaked");
        return Report(churn, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Starts the controller again when it has ended, as Kubernetes does: it ends by itself when it has lost its lease.</summary>
    private async Task SuperviseAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                if (lab.Controller.State == ComponentState.Stopped)
                    await lab.Controller.StartAsync(cancellation);
                await Task.Delay(Poll, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task SufferAsync(Fault fault, Churn churn, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var traffic = await TrafficAsync();
        var users = churn.RunAsync(stop.Token);
        try
        {
            await fault.Inject();
            await Task.Delay(fault.Duration, cancellation);
        }
        finally
        {
            await fault.Heal();
        }
        await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
        await stop.CancelAsync();
        await users;
        await traffic.AnswersAsync(50);
        var cut = fault.CutsOff();
        var losses = await traffic.StopAsync(pod => lab.SandboxOf(pod)!.Node == cut);
        if (!_losses.TryGetValue(fault.Name, out var all)) _losses.Add(fault.Name, all = []);
        all.Add(losses);

        var rested = Stopwatch.GetTimestamp();
        await RestsAsync(cancellation);
        await CheckAsync(fault.Name, cancellation);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{fault.Name,-62} lost {string.Join(", ", losses.Select(loss => loss is null ? "-" : $"{loss.Lost}")),-14} in sync {Stopwatch.GetElapsedTime(rested).TotalSeconds:0.0} s after users stopped"));
    }

    /// <summary>Compares the databases with the plans, and the addresses with each other.</summary>
    private async Task CheckAsync(string after, CancellationToken cancellation)
    {
        _checks++;
        var started = Stopwatch.GetTimestamp();
        CommandResult difference;
        do
        {
            // The southbound database follows when ovn-northd has computed.
            difference = await lab.Ko("diff").TryAsync(cancellation);
        }
        while (difference.ExitCode != 0 && Stopwatch.GetElapsedTime(started) < Patience);
        Expect(difference.ExitCode == 0, $"after {after}: plans and databases differ: {difference.Output}{difference.Error}");

        var eips = (await _client.ListAsync(SluiceResources.OvnEips, cancellationToken: cancellation)).Items;
        foreach (var twice in eips.Where(eip => !string.IsNullOrEmpty(eip.Status?.V4Ip)).GroupBy(eip => eip.Status!.V4Ip).Where(same => same.Count() > 1))
            Expect(false, $"after {after}: {twice.Key} is given to {string.Join(", ", twice.Select(eip => eip.Metadata.Name))}");
        var (used, given) = (await AddressesInUseAsync(cancellation), eips.Count(eip => !string.IsNullOrEmpty(eip.Status?.V4Ip)));
        Expect((int)used == given, $"after {after}: Subnet \"{External}\" counts {used:0} addresses in use, {given} are given");

        Remember("controller", lab.Controller);
        foreach (var node in lab.Nodes)
            Remember($"agent of {node.Name}", node.Agent);
    }

    private async Task RestsAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        for (var seen = 0; seen < 5; await Task.Delay(Poll, cancellation))
        {
            var rests = await lab.ControllerMetricAsync("sluice_leader", cancellation) == 1 && await lab.ControllerMetricAsync("sluice_queue_idle", cancellation) == 1;
            seen = rests ? seen + 1 : 0;
            if (Stopwatch.GetElapsedTime(started) <= Patience) continue;
            Expect(false, $"the controller is not at rest after {Patience}");
            return;
        }
    }

    private bool Report(Churn churn, TimeSpan duration)
    {
        var table = new Table().Border(TableBorder.Minimal).AddColumns(["fault", "times", .. SoakTraffic.Kinds]);
        table.Caption("pings lost of those sent every 10 ms, median and most; a pod whose own node was cut off is not counted");
        foreach (var (name, losses) in _losses)
        {
            table.AddRow([name, $"{losses.Count}", .. Enumerable.Range(0, SoakTraffic.Kinds.Length).Select(kind =>
            {
                var lost = losses.Select(loss => loss[kind]?.Lost).OfType<int>().Order().ToArray();
                return lost.Length == 0 ? "-" : lost.Length == 1 ? $"{lost[0]}" : $"{lost[lost.Length / 2]}, {lost[^1]}";
            })]);
        }
        console.Write(table);

        var grows = false;
        foreach (var (program, samples) in _memory)
        {
            // The first rounds fill caches and compile; after that nothing may grow with time.
            var (early, late) = (Middle(samples[..((samples.Count + 1) / 2)]), Middle(samples[(samples.Count / 2)..]));
            grows |= late > (early * 1.25) + 20;
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory of the {program}: {early:0} MB in the first half, {late:0} MB in the second"));
        }
        Expect(!grows, "memory grows");
        var (done, refused, unanswered) = churn.Changes;
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{duration.TotalMinutes:0} min, seed {seed}: {done} changes by users ({refused} refused, {unanswered} unanswered), {_losses.Sum(fault => fault.Value.Count)} faults, {_checks} checks, {_problems.Count} problems"));
        foreach (var problem in _problems)
            console.WriteLine(problem);
        return _problems.Count == 0;
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await ApplyAsync(SoakManifests.Network, cancellation);
        await WaitAsync(cancellation, "subnet/external204", "subnet/inner", "vpc/soak");
        // The gateway port moves; while it is where a pod is, the pod's stream goes down with the node and is not counted.
        var active = await ActiveAsync();
        var others = lab.Nodes.Where(node => node.Name != active.Name).Select(node => node.Name).ToArray();
        await ApplyAsync(SoakManifests.Pods(others[0], others[^1]), cancellation);
        await lab.Kubectl("wait", "--for=condition=Ready", "--timeout=60s", "-n", "soak", "pod", "--all").RunAsync(cancellation);
        await ApplyAsync(SoakManifests.Rules, cancellation);
        await WaitAsync(cancellation, "ofip/near", "ofip/far", "osnat/all");
    }

    private async Task<SoakTraffic> TrafficAsync() => await SoakTraffic.StartAsync(
        lab, await EipAsync("near"), await EipAsync("far"));

    private async Task<IPAddress> EipAsync(string name) => IPAddress.Parse((await _client.GetAsync(SluiceResources.OvnEips, null, name)).Status!.V4Ip!);

    private async Task<double> AddressesInUseAsync(CancellationToken cancellation)
    {
        var subnet = await _client.GetAsync(SluiceResources.Subnets, null, External, cancellation);
        return (double)(subnet.Status?.V4UsingIPs ?? 0).Value;
    }

    private async Task<LabNode> ActiveAsync()
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var chassis = (await lab.Sbctl("--bare", "--columns=chassis", "find", "Port_Binding", $"logical_port=cr-{Port}").RunAsync()).Trim();
            if (chassis.Length > 0)
                return lab.Node((await lab.Sbctl("--bare", "--columns=hostname", "list", "Chassis", chassis).RunAsync()).Trim());
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw new LabException($"{Port} is on no node");
            await Task.Delay(Poll);
        }
    }

    private void Expect(bool holds, string otherwise)
    {
        if (holds) return;
        _problems.Add(otherwise);
        console.WriteLine($"PROBLEM: {otherwise}");
    }

    private void Remember(string program, Component component)
    {
        if (component.Process is not { } process) return;
        var line = File.ReadLines($"/proc/{process.Pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        if (!_memory.TryGetValue(program, out var samples)) _memory.Add(program, samples = []);
        samples.Add(double.Parse(line.AsSpan(6, line.Length - 6 - 3).Trim(), CultureInfo.InvariantCulture) / 1024);
    }

    private Task ApplyAsync(string manifest, CancellationToken cancellation) => (lab.Kubectl("apply", "-f", "-") with { Input = manifest }).RunAsync(cancellation);

    private async Task WaitAsync(CancellationToken cancellation, params string[] items) =>
        await lab.Kubectl(["wait", "--for=condition=Ready", "--timeout=60s", .. items]).RunAsync(cancellation);

    private static IEnumerable<Fault> Shuffled(ImmutableArray<Fault> faults, Random random)
    {
        var order = faults.ToArray();
        random.Shuffle(order);
        return order;
    }

    private static double Middle(List<double> samples) => samples.Order().ElementAt(samples.Count / 2);
}
