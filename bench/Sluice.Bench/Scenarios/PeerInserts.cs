using System.Globalization;

namespace Sluice.Bench.Scenarios;

/// <summary>
/// P2: 10,000 NAT rows come to a router that has 10,000, against the clients that people use instead, which commit row by row.
/// </summary>
internal sealed class PeerInserts : IScenario
{
    private const int Present = 10_000;

    /// <summary>Debian's, which Debian's packages belong to.</summary>
    private const string Python = "/usr/bin/python3";

    public IReadOnlyList<string> Ids => ["P2"];

    public string Title => $"{Present:N0} NAT rows on a router that has {Present:N0}: against ovn-nbctl and ovsdbapp";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var ours = new List<double>();
        var nbctl = new List<double>();
        var ovsdbapp = new List<double>();
        var hasOvsdbapp = await HasOvsdbappAsync(cancellationToken);
        for (var round = 0; round < Math.Min(3, run.Rounds); round++)
        {
            await using var bench = await VpcBench.StartAsync(Present, cancellationToken);
            nbctl.Add(await NbctlAsync(bench.Server, 50, cancellationToken));
            if (hasOvsdbapp)
                ovsdbapp.Add(await OvsdbappAsync(bench.Server, 10, cancellationToken));
            bench.Input = BigRouter.Input(Present * 2);
            ours.Add(Present / await Measure.SecondsAsync(() => bench.CommitAsync(cancellationToken)));
        }

        run.Add(new Figure("P2", "NAT rows against ovn-nbctl", Measure.Median(ours), Measure.Median(nbctl), "ovn-nbctl daemon", "rows/s", 50, AtLeast: true));
        if (hasOvsdbapp)
            run.Add(new Figure("P2", "NAT rows against ovsdbapp", Measure.Median(ours), Measure.Median(ovsdbapp), "ovsdbapp", "rows/s", 50, AtLeast: true));
        else
            run.Note("P2: ovsdbapp is not installed (Debian package python3-ovsdbapp), so that it was not compared with");
    }

    /// <summary>Rows per second through a daemon that keeps its replica between commands.</summary>
    private static async Task<double> NbctlAsync(OvsdbServer server, int rows, CancellationToken cancellationToken)
    {
        var daemon = Path.Combine(server.Folder, "nbctl.ctl");
        await OvsdbServer.RunAsync("ovn-nbctl",
            [$"--db={server.Remote}", "--no-leader-only", "--detach", $"--pidfile={server.Folder}/nbctl.pid", $"--unixctl={daemon}", $"--log-file={server.Folder}/nbctl.log", "--verbose=console:off"],
            cancellationToken);
        try
        {
            var seconds = await Measure.SecondsAsync(async () =>
            {
                for (var number = 0; number < rows; number++)
                {
                    await OvsdbServer.RunAsync("ovn-nbctl",
                        ["-u", daemon, "lr-nat-add", BigRouter.Name, "dnat_and_snat", Address("203.0.113", number), Address("198.51.100", number)],
                        cancellationToken);
                }
            });
            return rows / seconds;
        }
        finally
        {
            await OvsdbServer.RunAsync("ovn-appctl", ["-t", daemon, "exit"], CancellationToken.None);
        }
    }

    private static async Task<double> OvsdbappAsync(OvsdbServer server, int rows, CancellationToken cancellationToken) => double.Parse(
        await OvsdbServer.RunAsync(Python,
            [Path.Combine(AppContext.BaseDirectory, "Peers", "ovsdbapp_nat.py"), server.Remote, BigRouter.Name, rows.ToString(CultureInfo.InvariantCulture)],
            cancellationToken),
        CultureInfo.InvariantCulture);

    private static async Task<bool> HasOvsdbappAsync(CancellationToken cancellationToken) =>
        File.Exists(Python) && (await OvsdbServer.RunAsync(Python, ["-c", "import importlib.util as u; print(u.find_spec('ovsdbapp') is not None)"], cancellationToken))
            .StartsWith("True", StringComparison.Ordinal);

    private static string Address(string prefix, int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.{number}");
}
