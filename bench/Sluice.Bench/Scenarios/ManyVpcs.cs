using System.Globalization;
using Sluice.Bench.EndToEnd;

namespace Sluice.Bench.Scenarios;

/// <summary>P7: the same number of OvnEips and OvnFips in one VPC and in many VPCs of ten, which must not cost more for each.</summary>
internal sealed class ManyVpcs : IScenario
{
    private const int Writers = 32;
    private const int PairsPerVpc = 10;

    public IReadOnlyList<string> Ids => ["P7", "P7b"];

    public string Title => $"OvnEip + OvnFip in VPCs of {PairsPerVpc}";

    public async Task RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        await using var cluster = await BenchCluster.UpAsync(cancellationToken);
        await cluster.StartControllerAsync(cancellationToken);
        var vpcs = 0;
        List<CurvePoint> together = [], apart = [];
        foreach (var size in run.Sizes(10_000))
        {
            for (; vpcs < size / PairsPerVpc; vpcs++)
                await cluster.CreateVpcAsync(VpcOf(vpcs * PairsPerVpc), cancellationToken);
            var one = await MeasureAsync(cluster, new Pairs(cluster.Client, "together", 0, size), cancellationToken);
            var many = await MeasureAsync(cluster, new Pairs(cluster.Client, "apart", 0, size, VpcOf), cancellationToken);
            together.Add(new(size, one.Seconds));
            apart.Add(new(size, many.Seconds));
            run.Add(new Figure("P7", $"{size:N0} OvnEip + OvnFip in {vpcs:N0} VPCs until ready", many.Seconds, one.Seconds, "the same in one VPC", "s", size >= 1000 ? 1.3 : null));
            run.Add(new Figure("P7", $"  controller's CPU per pair in {vpcs:N0} VPCs", many.Cpu / size * 1000, one.Cpu / size * 1000, "the same in one VPC", "ms", null));
            run.Add(new Figure("P7", $"  northbound transactions for {vpcs:N0} VPCs", many.Transactions, one.Transactions, "the same in one VPC", "", null));
        }
        run.Add(new Curve("P7", "creating addresses until ready", "OvnEip + OvnFip", "s", [new("VPCs of ten", apart), new("one VPC", together)]));
    }

    private static async Task<(double Seconds, double Cpu, double Transactions)> MeasureAsync(BenchCluster cluster, Pairs pairs, CancellationToken cancellationToken)
    {
        await cluster.IdleAsync(cancellationToken);
        var cpu = CpuShares.Seconds(cluster.Lab.Controller);
        var transactions = await cluster.TransactionsAsync(cancellationToken);
        var seconds = await Measure.SecondsAsync(() => Task.WhenAll(pairs.CreateAsync(Writers, cancellationToken), pairs.ReadyAsync(cancellationToken)));
        await cluster.IdleAsync(cancellationToken);
        cpu = CpuShares.Seconds(cluster.Lab.Controller) - cpu;
        transactions = await cluster.TransactionsAsync(cancellationToken) - transactions;
        await pairs.DeleteAsync(cancellationToken);
        return (seconds, cpu, transactions);
    }

    private static string VpcOf(int pair) => string.Create(CultureInfo.InvariantCulture, $"v{pair / PairsPerVpc:0000}");
}
