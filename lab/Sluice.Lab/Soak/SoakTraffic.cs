using System.Net;
using Sluice.Lab.Demo;
using Sluice.Lab.Network;

namespace Sluice.Lab.Soak;

/// <summary>A ping every 10 ms by each kind of translation, and the pod at its inner end, counted while something goes wrong.</summary>
internal sealed class SoakTraffic : IAsyncDisposable
{
    private readonly List<(string Pod, PingStream Stream)> _streams = [];

    public static readonly string[] Kinds = ["distributed FIP", "centralized FIP", "SNAT"];

    public static async Task<SoakTraffic> StartAsync(LabCluster lab, IPAddress distributed, IPAddress centralized)
    {
        var traffic = new SoakTraffic();
        try
        {
            traffic._streams.Add((SoakManifests.Far, await PingStream.StartAsync(lab, LabLayout.Internet, distributed)));
            traffic._streams.Add((SoakManifests.Third, await PingStream.StartAsync(lab, LabLayout.Internet, centralized)));
            traffic._streams.Add((SoakManifests.Near, await PingStream.StartAsync(lab, SoakManifests.Near, LabAddresses.InternetHost[0].Address)));
            return traffic;
        }
        catch
        {
            await traffic.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once so many more answers have come on every stream.</summary>
    public Task AnswersAsync(int count) => Task.WhenAll(_streams.Select(stream => stream.Stream.AnswersAsync(count)));

    /// <summary>What each kind has lost; null where the pod itself was <paramref name="cut"/> off, which says nothing about the translation.</summary>
    public async Task<IReadOnlyList<Loss?>> StopAsync(Func<string, bool> cut)
    {
        var losses = await Task.WhenAll(_streams.Select(stream => stream.Stream.StopAsync()));
        return [.. losses.Zip(_streams, (loss, stream) => cut(stream.Pod) ? null : loss)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, stream) in _streams)
            await stream.DisposeAsync();
    }
}
