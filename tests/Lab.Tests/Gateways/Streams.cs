using System.Net;
using Sluice.Lab.Demo;
using Sluice.Lab.Tests.Rules;
using Sluice.Lab.Tests.Traffic;

namespace Sluice.Lab.Tests.Gateways;

/// <summary>A packet every 10 ms by each kind of rule.</summary>
internal sealed class Streams : IAsyncDisposable
{
    public const string Snat = "SNAT", Centralized = "centralized FIP", Distributed = "distributed FIP", Dnat = "DNAT";

    private readonly Dictionary<string, PingStream> _pings = [];
    private DatagramStream? _dnat;

    private Streams()
    {
    }

    public static async Task<Streams> StartAsync(LabCluster lab, IPAddress centralized, IPAddress dnat, IPAddress distributed)
    {
        var streams = new Streams();
        try
        {
            streams._pings[Distributed] = await PingStream.StartAsync(lab, LabLayout.Internet, distributed);
            streams._pings[Snat] = await PingStream.StartAsync(lab, FormsLab.Batch, Outside.AddressFor(centralized));
            streams._pings[Centralized] = await PingStream.StartAsync(lab, LabLayout.Internet, centralized);
            streams._dnat = await DatagramStream.StartAsync(lab, LabLayout.Internet, dnat, 53);
            await streams.AnswersAsync(1);
            return streams;
        }
        catch
        {
            await streams.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once that many more answers have come on every one.</summary>
    public Task AnswersAsync(int count) => Task.WhenAll([.. _pings.Values.Select(ping => ping.AnswersAsync(count)), _dnat!.AnswersAsync(count)]);

    public async Task<IReadOnlyDictionary<string, Loss>> StopAsync()
    {
        var losses = new Dictionary<string, Loss>();
        foreach (var (name, ping) in _pings)
            losses[name] = await ping.StopAsync();
        losses[Dnat] = await _dnat!.StopAsync();
        return losses;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var ping in _pings.Values)
            await ping.DisposeAsync();
        if (_dnat is not null)
            await _dnat.DisposeAsync();
    }
}
