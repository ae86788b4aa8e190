using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Sluice.Lab.Demo;
using Sluice.Lab.Tests.Mechanics;

namespace Sluice.Lab.Tests;

/// <summary>A lab with everything in it, and questions about what it did.</summary>
public abstract class FullLab(LabOptions options) : IAsyncLifetime
{
    /// <summary>Kinds of ours, in the order in which a careful user would delete them.</summary>
    public static readonly string[] Kinds =
    [
        "ovn-dnat-rules", "ovn-fips", "ovn-snat-rules", "ovn-eips", "vips", "ips", "subnets", "vpcs", "vlans", "provider-networks",
    ];

    /// <summary>How often in a row nothing may have changed before one says that it will not; a look takes a tenth of a second at least.</summary>
    private const int QuietLooks = 20;

    public LabCluster Lab { get; private set; } = null!;

    public Probe Probe => new(Lab);

    public virtual async Task InitializeAsync() => Lab = await BareLab.UpAsync(options with { Name = BareLab.NewName() });

    /// <summary>xunit disposes no fixture that did not come to life: what is up already goes here.</summary>
    async Task IAsyncLifetime.InitializeAsync()
    {
        try
        {
            await InitializeAsync();
        }
        catch when (Lab is not null)
        {
            await LabCluster.DownAsync(Lab.Layout.Name);
            throw;
        }
    }

    /// <summary>Whatever the tests did: a controller that starts anew finds nothing to write.</summary>
    public virtual async Task DisposeAsync()
    {
        try
        {
            await AssertResyncWritesNothingAsync();
        }
        finally
        {
            await LabCluster.DownAsync(Lab.Layout.Name);
        }
    }

    /// <summary>Applies manifests as a user would.</summary>
    public Task ApplyAsync(string manifests) => (Lab.Kubectl("apply", "-f", "-") with { Input = manifests }).RunAsync();

    /// <summary>Applies files of deploy/examples/seed.</summary>
    public Task ApplySeedAsync(params string[] paths) =>
        Lab.Kubectl(["apply", .. paths.SelectMany(path => new[] { "-f", ProjectFiles.Manifests("examples", "seed", path) })]).RunAsync();

    /// <param name="objects">As <c>KIND/NAME</c>.</param>
    public Task WaitReadyAsync(params string[] objects) =>
        Lab.Kubectl(["wait", "--for=condition=Ready", "--timeout=60s", .. objects]).RunAsync();

    /// <summary>Waits for every object of some manifests.</summary>
    public Task ManifestsReadyAsync(string manifests) =>
        (Lab.Kubectl("wait", "--for=condition=Ready", "--timeout=60s", "-f", "-") with { Input = manifests }).RunAsync();

    /// <summary>Applies manifests and waits for every object of them.</summary>
    public async Task ApplyReadyAsync(string manifests)
    {
        await ApplyAsync(manifests);
        await ManifestsReadyAsync(manifests);
    }

    /// <summary>The address of a family that an OvnEip was given.</summary>
    public async Task<IPAddress> EipAsync(string name, AddressFamily family = AddressFamily.InterNetwork) =>
        IPAddress.Parse(await JsonPathAsync($"oeip/{name}", family == AddressFamily.InterNetwork ? "{.status.v4Ip}" : "{.status.v6Ip}"));

    public async Task<string> JsonPathAsync(string item, string path) => await Lab.Kubectl("get", item, "-o", $"jsonpath={path}").RunAsync();

    /// <summary>The table that kubectl prints, cells by row; columns are found by the header's positions.</summary>
    public async Task<IReadOnlyList<string>[]> TableAsync(params string[] arguments)
    {
        var lines = (await Lab.Kubectl(["get", .. arguments]).RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var starts = new List<int>();
        for (var index = 0; index < lines[0].Length; index++)
        {
            if (lines[0][index] != ' ' && (index == 0 || lines[0][index - 1] == ' '))
                starts.Add(index);
        }
        return [.. lines.Select(IReadOnlyList<string> (line) => [.. starts.Select((start, column) => Cell(line, start, column + 1 < starts.Count ? starts[column + 1] : line.Length))])];

        static string Cell(string line, int start, int end) => start >= line.Length ? "" : line[start..Math.Min(end, line.Length)].Trim();
    }

    /// <summary>The names in a northbound table, sorted.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string table) =>
        [.. (await Lab.Nbctl("--bare", "--columns=name", "list", table).RunAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];

    /// <summary>Transactions that the northbound database has stored so far, of whatever client.</summary>
    public int NorthboundTransactions() => File.ReadLines(Path.Combine(Lab.Layout.DirectoryOf(LabLayout.Central), "ovnnb_db.db"))
        .Count(line => line.StartsWith("OVSDB JSON ", StringComparison.Ordinal));

    /// <summary>Requests so far that changed something in the API server, by verb and resource; those for leases do not count.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ApiWritesAsync()
    {
        var metrics = await Lab.Kubectl("get", "--raw", "/metrics").RunAsync();
        return ApiMetrics.Writes(metrics).Where(write => !write.Key.EndsWith(" leases", StringComparison.Ordinal)).ToDictionary();
    }

    /// <summary>Starts the controller anew, so that it compares everything, and expects no write, neither to OVN nor to the API server.</summary>
    /// <param name="end">How the old one ends; by default as it is asked to.</param>
    public async Task AssertResyncWritesNothingAsync(Func<Processes.Component, Task>? end = null)
    {
        await RestAsync();
        await (end ?? (controller => controller.StopAsync()))(Lab.Controller);
        var transactions = NorthboundTransactions();
        var writes = await ApiWritesAsync();

        await Lab.Controller.StartAsync();
        await SettleAsync();

        NorthboundTransactions().ShouldBe(transactions, await LastTransactionsAsync());
        (await ApiWritesAsync()).ShouldBe(writes);
    }

    /// <summary>Waits until the controller has nothing left to do.</summary>
    public Task SettleAsync() => Eventually.HoldsAsync(
        async () => await Lab.ControllerMetricAsync("sluice_queue_idle") == 1, () => "the controller is never idle");

    /// <summary>Waits until nothing has been written for a while: gateways move, and are reported, a little after what has moved them.</summary>
    public async Task RestAsync()
    {
        var (last, quiet) = ("", 0);
        await Eventually.HoldsAsync(async () =>
        {
            await SettleAsync();
            var now = $"{NorthboundTransactions()} {string.Join(' ', (await ApiWritesAsync()).OrderBy(write => write.Key, StringComparer.Ordinal))}";
            (last, quiet) = (now, now == last ? quiet + 1 : 0);
            return quiet >= QuietLooks;
        }, () => $"the controller goes on writing: {last}");
    }

    private async Task<string> LastTransactionsAsync() => (await new Processes.Command("ovsdb-tool", "-mm", "show-log",
        Path.Combine(Lab.Layout.DirectoryOf(LabLayout.Central), "ovnnb_db.db")).RunAsync())[^2000..];
}

/// <summary>Reads the API server's counters.</summary>
internal static class ApiMetrics
{
    private static readonly string[] Verbs = ["POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION"];

    /// <summary><c>VERB resource</c> and how often it was asked for.</summary>
    public static Dictionary<string, long> Writes(string metrics)
    {
        var writes = new Dictionary<string, long>();
        foreach (var line in metrics.Split('\n').Where(line => line.StartsWith("apiserver_request_total{", StringComparison.Ordinal)))
        {
            var verb = Label(line, "verb");
            if (!Verbs.Contains(verb))
                continue;
            var key = $"{verb} {Label(line, "resource")}";
            writes[key] = writes.GetValueOrDefault(key) + (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }
        return writes;
    }

    private static string Label(string line, string name)
    {
        var start = line.IndexOf($"{name}=\"", StringComparison.Ordinal) + name.Length + 2;
        return line[start..line.IndexOf('"', start)];
    }
}
