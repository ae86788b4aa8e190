using System.Diagnostics;
using Sluice.Api;
using Sluice.Kube;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Behaviour;

/// <summary>A thousand addresses at once.</summary>
[Collection(OtherNamesLabCollection.Name)]
public sealed class ScaleTests(OtherNamesLab fixture, ITestOutputHelper output)
{
    private const int Count = 1000;
    private const int Parallel = 16;

    [Fact]
    public async Task A_thousand_FIPs_share_few_transactions()
    {
        using var client = new KubeClient(KubeConfig.Load(fixture.Lab.ControlPlane.AdminKubeConfig));
        await CreateAsync(client, SluiceResources.Vips, index => new Vip { Metadata = Named(index), Spec = new VipSpec { Subnet = "blue-web" } });
        await AllAsync(client, SluiceResources.Vips, vip => vip.Status?.Ready == true);
        var transactions = fixture.NorthboundTransactions();
        var started = Stopwatch.GetTimestamp();

        await Task.WhenAll(
            CreateAsync(client, SluiceResources.OvnEips, index => new OvnEip { Metadata = Named(index), Spec = new OvnEipSpec { ExternalSubnet = "public", Type = EipTypes.Nat } }),
            CreateAsync(client, SluiceResources.OvnFips, index => new OvnFip { Metadata = Named(index), Spec = new OvnFipSpec { OvnEip = Name(index), IpType = IpTypes.Vip, IpName = Name(index) } }));
        var applied = Stopwatch.GetElapsedTime(started);
        await AllAsync(client, SluiceResources.OvnFips, fip => fip.Status?.Ready == true);
        var ready = Stopwatch.GetElapsedTime(started);

        transactions = fixture.NorthboundTransactions() - transactions;
        output.WriteLine($"figure: {Count} EIPs and {Count} FIPs: applied in {applied.TotalSeconds:0.0} s, ready in {ready.TotalSeconds:0.0} s, {transactions} northbound transactions");
        transactions.ShouldBeLessThan(Count / 4);
        await EveryRowIsRightAsync(client);
    }

    private async Task EveryRowIsRightAsync(KubeClient client)
    {
        var eips = (await client.ListAsync(SluiceResources.OvnEips)).Items.ToDictionary(eip => eip.Metadata.Name, eip => eip.Status?.V4Ip);
        var vips = (await client.ListAsync(SluiceResources.Vips)).Items.ToDictionary(vip => vip.Metadata.Name, vip => vip.Status?.V4ip);
        var expected = Enumerable.Range(0, Count).Select(index => $"dnat_and_snat,{eips[Name(index)]},{vips[Name(index)]}").Order(StringComparer.Ordinal);
        var rows = await fixture.Lab.Nbctl("--format=csv", "--no-headings", "--data=bare", "--columns=type,external_ip,logical_ip", "list", "NAT").RunAsync();

        rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(row => vips.ContainsValue(row.Split(',')[2])).Order(StringComparer.Ordinal).ShouldBe(expected);
        eips.Values.ShouldBeUnique();
    }

    private static string Name(int index) => $"many-{index:0000}";

    private static ObjectMeta Named(int index) => new() { Name = Name(index) };

    private static Task CreateAsync<T>(KubeClient client, ResourceType<T> type, Func<int, T> item)
        where T : KubeObject =>
        System.Threading.Tasks.Parallel.ForEachAsync(Enumerable.Range(0, Count), new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (index, cancellation) => await client.CreateAsync(type, item(index), cancellation));

    private static async Task AllAsync<T>(KubeClient client, ResourceType<T> type, Func<T, bool> condition)
        where T : KubeObject
    {
        var missing = Count;
        var deadline = TimeProvider.System.GetUtcNow().AddMinutes(3);
        while (missing > 0 && TimeProvider.System.GetUtcNow() < deadline)
        {
            var items = (await client.ListAsync(type)).Items.Where(item => item.Metadata.Name.StartsWith("many-", StringComparison.Ordinal));
            missing = Count - items.Count(condition);
            if (missing > 0)
                await Task.Delay(500);
        }
        missing.ShouldBe(0, $"{type.Plural} that are not ready");
    }
}
