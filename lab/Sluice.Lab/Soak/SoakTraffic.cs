using System.Net;
using Sluice.Lab.Demo;

namespace Sluice.Lab.Soak;

/// <summary>A ping every 10 ms by each kind of translation, counted while something goes wrong.</summary>
internal sealed class SoakTraffic : IAsyncDisposable
{
    private readonly List<(string Name, PingStream Stream)> _streams = [];

    public static readonly string[] Kinds = ["distributed FIP", "centralized FIP", "SNAT"];

    public static async Task<SoakTraffic> StartAsync(LabCluster lab, IPAddress distributed, IPAddress centralized, string snatPod, IPAddress outside)
    {
        var traffic = new SoakTraffic();
        try
        {
            traffic._streams.Add((Kinds[0], await PingStream.StartAsync(lab, LabLayout.Internet, distributed)));
            traffic._streams.Add((Kinds[1], await PingStream.StartAsync(lab, LabLayout.Internet, centralized)));
            traffic._streams.Add((Kinds[2], await PingStream.StartAsync(lab, snatPod, outside)));
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

    public async Task<IReadOnlyList<Loss>> StopAsync() => await Task.WhenAll(_streams.Select(stream => stream.Stream.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, stream) in _streams)
            await stream.DisposeAsync();
    }
}
