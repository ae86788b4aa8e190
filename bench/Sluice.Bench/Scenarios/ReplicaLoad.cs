using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Ovsdb;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// P5: a replica of 100,000 NAT and 100,000 switch port rows, of the columns that plans read, against the bytes of the same dump
/// without a client, and against one-shot <c>ovn-nbctl</c>, whose C library builds a replica too. Every load is a process of its
/// own, so that memory can be compared.
/// </summary>
internal sealed class ReplicaLoad : IScenario
{
    /// <summary>Names the child process that loads the replica and says how it went.</summary>
    public const string ChildCommand = "load-replica";

    private const int Rows = 100_000;
    private const int Routers = 100;

    private static readonly Dictionary<string, IReadOnlyList<string>?> Monitored = new()
    {
        ["NAT"] = ["external_ip", "logical_ip", "type", "external_mac", "logical_port", "options", "gateway_port", "external_ids"],
        ["Logical_Router"] = ["name", "nat", "ports", "external_ids"],
        ["Logical_Switch"] = ["name", "ports", "external_ids"],
        ["Logical_Switch_Port"] = ["name", "addresses", "type", "options", "port_security", "external_ids"],
    };

    public IReadOnlyList<string> Ids => ["P5"];

    public string Title => $"replica of {Rows:N0} NAT + {Rows:N0} switch ports";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var server = await OvsdbServer.StartAsync(cancellationToken);
        using (var raw = new RawOvsdb(server.Socket))
        {
            for (var router = 0; router < Routers; router++)
            {
                await raw.CallAsync(RawRows.CreateRouter($"r{router}"), cancellationToken);
                await raw.CallAsync(RawRows.CreateSwitch($"s{router}"), cancellationToken);
                await raw.PipelineAsync(RawRows.NatBatches(Rows / Routers, 1000, $"r{router}"), 4, cancellationToken);
                await raw.PipelineAsync(RawRows.PortBatches(router * (Rows / Routers), Rows / Routers, $"s{router}"), 4, cancellationToken);
            }
        }

        var ours = new List<Load>();
        var dumps = new List<double>();
        var nbctl = new List<Load>();
        for (var round = 0; round < run.Rounds; round++)
        {
            dumps.Add(await Measure.SecondsAsync(() => DumpAsync(server, cancellationToken)));
            ours.Add(await OursAsync(server, cancellationToken));
            nbctl.Add(await NbctlAsync(server, cancellationToken));
        }

        run.Add(new Figure("P5", "time to load the replica", Measure.Median(ours.Select(load => load.Seconds)), Measure.Median(dumps), "raw dump", "s", 1.15));
        run.Add(new Figure("P5", "the same, against the C library", Measure.Median(ours.Select(load => load.Seconds)), Measure.Median(nbctl.Select(load => load.Seconds)), "ovn-nbctl", "s", null));
        run.Add(new Figure("P5", "peak memory of the process", Measure.Median(ours.Select(load => load.Megabytes)), Measure.Median(nbctl.Select(load => load.Megabytes)), "ovn-nbctl", "MB", 0.6));
    }

    /// <summary>Body of the child process: loads the replica and prints seconds, rows and peak memory.</summary>
    public static async Task<int> LoadAsync(string remote)
    {
        var started = Stopwatch.GetTimestamp();
        await using var client = new OvsdbClient(new OvsdbOptions
        {
            Endpoints = [Endpoint.Parse(remote)],
            Database = "OVN_Northbound",
            Monitor = Monitored,
            InactivityProbe = TimeSpan.FromSeconds(60),
            Indexes =
            [
                new("NAT", "owner", row => row["external_ids"].Get("sluice-owner")),
                new("Logical_Switch_Port", "name", row => row["name"].AsString()),
            ],
        });
        await client.StartAsync(CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var rows = client.Replica.Current.Tables.Sum(table => table.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds} {Measure.PeakMegabytes(Environment.ProcessId)} {rows}"));
        return rows == (2 * Rows) + (2 * Routers) ? 0 : 1;
    }

    private static async Task<Load> OursAsync(OvsdbServer server, CancellationToken cancellationToken)
    {
        var output = await OvsdbServer.RunAsync(Environment.ProcessPath!, [ChildCommand, server.Remote], cancellationToken);
        var parts = output.Split(' ').Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new(parts[0], parts[1]);
    }

    // One lookup, but the library loads all columns that the command could need of the tables that it knows of.
    private static async Task<Load> NbctlAsync(OvsdbServer server, CancellationToken cancellationToken)
    {
        var report = Path.Combine(server.Folder, "time.txt");
        var seconds = await Measure.SecondsAsync(() => OvsdbServer.RunAsync("/usr/bin/time",
            ["--format=%M", $"--output={report}", "ovn-nbctl", "--no-leader-only", "--timeout=120", $"--db={server.Remote}", "show", "r0"], cancellationToken));
        return new(seconds, double.Parse(await File.ReadAllTextAsync(report, cancellationToken), CultureInfo.InvariantCulture) / 1024);
    }

    private static async Task DumpAsync(OvsdbServer server, CancellationToken cancellationToken)
    {
        var tables = string.Join(",", Monitored.Select(table =>
            $$"""{{JsonSerializer.Serialize(table.Key)}}:[{"columns":[{{string.Join(",", table.Value!.Select(column => $"\"{column}\""))}}]}]"""));
        using var raw = new RawOvsdb(server.Socket);
        await raw.PipelineAsync(
            [Encoding.UTF8.GetBytes($$$"""{"method":"monitor_cond_since","id":1,"params":["OVN_Northbound","m",{{{{tables}}}},"{{{Guid.Empty}}}"]}""")],
            1,
            cancellationToken);
    }

    private readonly record struct Load(double Seconds, double Megabytes);
}
