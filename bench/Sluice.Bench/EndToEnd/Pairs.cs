using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Bench.EndToEnd;

/// <summary>OvnEips, each with an OvnFip to an address of the VPC: what is created, awaited and deleted together.</summary>
/// <param name="prefix">Of the objects' names.</param>
/// <param name="first">Number of the first pair; addresses follow from numbers.</param>
/// <param name="vpcOf">The VPC of a pair's address, by the pair's number; null is one for all.</param>
internal sealed class Pairs(KubeClient client, string prefix, int first, int count, Func<int, string>? vpcOf = null)
{
    public int Count { get; } = count;

    public static OvnEip Eip(string name) => new() { Metadata = new() { Name = name }, Spec = new() { ExternalSubnet = BenchCluster.External, Type = EipTypes.Nat } };

    public static OvnFip Fip(string name, int number, string vpc = BenchCluster.Vpc) => new()
    {
        Metadata = new() { Name = name },
        Spec = new()
        {
            OvnEip = name,
            Vpc = vpc,
            V4Ip = string.Create(CultureInfo.InvariantCulture, $"10.{number >> 14}.{(number >> 7) & 127}.{(number & 127) + 2}"),
        },
    };

    /// <summary>Creates them all, by so many writers at once.</summary>
    public Task CreateAsync(int writers, CancellationToken cancellation) => Parallel.ForEachAsync(
        Enumerable.Range(first, Count),
        new ParallelOptions { MaxDegreeOfParallelism = writers, CancellationToken = cancellation },
        async (number, stop) =>
        {
            await client.CreateAsync(SluiceResources.OvnEips, Eip(Name(number)), stop);
            await client.CreateAsync(SluiceResources.OvnFips, Fip(Name(number), number, vpcOf?.Invoke(number) ?? BenchCluster.Vpc), stop);
        });

    /// <summary>Watches until every object is ready; whoever calls creates them meanwhile.</summary>
    public async Task ReadyAsync(CancellationToken cancellation)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var missing = 2 * Count;
        var seen = new ConcurrentDictionary<string, bool>();
        await WatchingAsync(
            eip => Note($"eip/{eip.Metadata.Name}", eip.Status?.Ready),
            fip => Note($"fip/{fip.Metadata.Name}", fip.Status?.Ready),
            done.Task,
            cancellation);

        void Note(string item, bool? ready)
        {
            if (ready == true && seen.TryAdd(item, true) && Interlocked.Decrement(ref missing) == 0)
                done.TrySetResult();
        }
    }

    /// <summary>The floor: writes one status to each object as it appears, as a controller cannot do with less.</summary>
    public async Task WriteOneStatusEachAsync(int writers, CancellationToken cancellation)
    {
        using var slots = new SemaphoreSlim(writers);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var missing = 2 * Count;
        var seen = new ConcurrentDictionary<string, bool>();
        await WatchingAsync(
            eip => Write(SluiceResources.OvnEips, eip.Metadata.Name),
            fip => Write(SluiceResources.OvnFips, fip.Metadata.Name),
            done.Task,
            cancellation);

        void Write<T>(ResourceType<T> type, string name)
            where T : KubeObject
        {
            if (seen.TryAdd($"{type.Plural}/{name}", true))
                _ = WriteAsync(type, name);
        }

        async Task WriteAsync<T>(ResourceType<T> type, string name)
            where T : KubeObject
        {
            await slots.WaitAsync(cancellation);
            try
            {
                await client.PatchAsync(type, null, name, Patch.Merge(Status()), "status", cancellation);
                if (Interlocked.Decrement(ref missing) == 0)
                    done.TrySetResult();
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
            finally
            {
                slots.Release();
            }
        }
    }

    /// <summary>A status of the size that is usual.</summary>
    public static JsonObject Status() => new()
    {
        ["status"] = new JsonObject
        {
            ["v4Ip"] = "172.16.0.1",
            ["ready"] = true,
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready", ["status"] = "True", ["reason"] = "Programmed", ["message"] = "", ["lastTransitionTime"] = "2026-01-01T00:00:00Z",
            }),
        },
    };

    /// <summary>Deletes them all and returns when they are gone.</summary>
    public async Task DeleteAsync(CancellationToken cancellation)
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(first, Count),
            new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = cancellation },
            async (number, stop) =>
            {
                await client.DeleteAsync(SluiceResources.OvnFips, null, Name(number), cancellationToken: stop);
                await client.DeleteAsync(SluiceResources.OvnEips, null, Name(number), cancellationToken: stop);
            });
        while ((await client.ListAsync(SluiceResources.OvnEips, cancellationToken: cancellation)).Items.Any(eip => IsOurs(eip)))
            await Task.Delay(100, cancellation);
    }

    private string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:00000}");

    private bool IsOurs(KubeObject item) => item.Metadata.Name.StartsWith($"{prefix}-", StringComparison.Ordinal);

    private async Task WatchingAsync(Action<OvnEip> onEip, Action<OvnFip> onFip, Task until, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var eips = new Informer<OvnEip>(client, SluiceResources.OvnEips, new());
        var fips = new Informer<OvnFip>(client, SluiceResources.OvnFips, new());
        eips.Changed += (_, eip) => Ours(eip, onEip);
        fips.Changed += (_, fip) => Ours(fip, onFip);
        var running = Task.WhenAll(eips.RunAsync(stop.Token), fips.RunAsync(stop.Token));
        var first = await Task.WhenAny(until, running);
        await stop.CancelAsync();
        await first;
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // It watches until it is told to stop.
        }

        void Ours<T>(T? item, Action<T> note)
            where T : KubeObject
        {
            if (item is not null && IsOurs(item))
                note(item);
        }
    }
}
