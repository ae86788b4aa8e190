using System.Globalization;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Lab.Soak;

/// <summary>Users that create, change and delete addresses and rules at random, as fast as told, conflicts included, until stopped.</summary>
internal sealed class Churn(KubeClient client, string vpc, string externalSubnet, int seed)
{
    private const int Names = 60;
    private const int Users = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private int _done;
    private int _refused;
    private int _unanswered;

    /// <summary>What the users did so far: changes that the API server took, refused (conflicts, there already, gone already) and did not answer.</summary>
    public (int Done, int Refused, int Unanswered) Changes => (_done, _refused, _unanswered);

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, Users).Select(user => UseAsync(new Random(seed + user), cancellation)));

    /// <summary>Deletes all that users have made and returns when it is gone.</summary>
    public async Task ClearAsync(CancellationToken cancellation)
    {
        await DeleteAllAsync(SluiceResources.OvnDnatRules, cancellation);
        await DeleteAllAsync(SluiceResources.OvnFips, cancellation);
        await DeleteAllAsync(SluiceResources.OvnSnatRules, cancellation);
        await DeleteAllAsync(SluiceResources.OvnEips, cancellation);
    }

    private async Task UseAsync(Random random, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, cancellation);
                try
                {
                    await ChangeAsync(random, cancellation);
                    Interlocked.Increment(ref _done);
                }
                catch (KubeException)
                {
                    Interlocked.Increment(ref _refused);
                }
                catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
                {
                    Interlocked.Increment(ref _unanswered);
                }
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    private Task ChangeAsync(Random random, CancellationToken cancellation)
    {
        var (name, eip) = (Name(random), Name(random));
        var inner = string.Create(CultureInfo.InvariantCulture, $"192.168.7.{random.Next(10, 200)}");
        return random.Next(12) switch
        {
            0 or 1 or 2 => client.CreateAsync(
                SluiceResources.OvnEips, new OvnEip { Metadata = Named(name), Spec = new() { ExternalSubnet = externalSubnet, Type = EipTypes.Nat } }, cancellation),
            3 or 4 => client.CreateAsync(
                SluiceResources.OvnFips, new OvnFip { Metadata = Named(name), Spec = new() { OvnEip = eip, Vpc = vpc, V4Ip = inner } }, cancellation),
            5 => client.CreateAsync(
                SluiceResources.OvnSnatRules,
                new OvnSnatRule { Metadata = Named(name), Spec = new() { OvnEip = eip, Vpc = vpc, V4IpCidr = $"{inner}/32" } },
                cancellation),
            6 => client.CreateAsync(
                SluiceResources.OvnDnatRules,
                new OvnDnatRule
                {
                    Metadata = Named(name),
                    Spec = new() { OvnEip = eip, Vpc = vpc, V4Ip = inner, Protocol = "tcp", ExternalPort = $"{random.Next(80, 85)}", InternalPort = "8080" },
                },
                cancellation),
            7 => client.PatchAsync(
                SluiceResources.OvnFips, null, name, Patch.Merge(new() { ["spec"] = new System.Text.Json.Nodes.JsonObject { ["ovnEip"] = eip } }), cancellationToken: cancellation),
            8 or 9 => client.DeleteAsync(SluiceResources.OvnFips, null, name, cancellationToken: cancellation),
            10 => random.Next(2) == 0
                ? client.DeleteAsync(SluiceResources.OvnSnatRules, null, name, cancellationToken: cancellation)
                : client.DeleteAsync(SluiceResources.OvnDnatRules, null, name, cancellationToken: cancellation),
            _ => client.DeleteAsync(SluiceResources.OvnEips, null, name, cancellationToken: cancellation),
        };
    }

    private async Task DeleteAllAsync<T>(ResourceType<T> type, CancellationToken cancellation)
        where T : KubeObject
    {
        while (true)
        {
            var ours = (await client.ListAsync(type, cancellationToken: cancellation)).Items.Where(item => item.Metadata.Name.StartsWith("churn-", StringComparison.Ordinal)).ToList();
            if (ours.Count == 0) return;
            foreach (var item in ours.Where(item => !item.Metadata.IsDeleting))
                await client.DeleteAsync(type, null, item.Metadata.Name, cancellationToken: cancellation);
            await Task.Delay(Pause, cancellation);
        }
    }

    private static string Name(Random random) => string.Create(CultureInfo.InvariantCulture, $"churn-{random.Next(Names)}");

    private static ObjectMeta Named(string name) => new() { Name = name };
}
