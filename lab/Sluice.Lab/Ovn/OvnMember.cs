using System.Net;
using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Ovn;

/// <summary>One place where OVN's central programs run.</summary>
public sealed class OvnMember
{
    public OvnMember(LabLayout layout, string place, IPAddress address, IReadOnlyList<IPAddress> peers)
    {
        Place = place;
        Directory = layout.DirectoryOf(place);
        Northbound = new OvnDatabase(layout, place, "nb", address, peers);
        Southbound = new OvnDatabase(layout, place, "sb", address, peers);

        // A cluster is reached over the network, so that a member that is cut off is really cut off.
        var northbound = peers.Count == 1 ? Northbound.Local : RemotesOf(layout, place, "nb", peers);
        var southbound = peers.Count == 1 ? Southbound.Local : RemotesOf(layout, place, "sb", peers);
        Northd = new Component
        {
            Name = "northd",
            Node = peers.Count > 1 ? place : null,
            Directory = Directory,
            Command = (new Command("ovn-northd", $"--ovnnb-db={northbound}", $"--ovnsb-db={southbound}", "--pidfile", "-vconsole:info", "-vsyslog:off")
            { Environment = OvsInstance.EnvironmentOf(Directory) }).In(layout.NamespaceOf(place)),
        };
    }

    public string Place { get; }

    public string Directory { get; }

    public OvnDatabase Northbound { get; }

    public OvnDatabase Southbound { get; }

    public Component Northd { get; }

    public IEnumerable<Component> Components => [Northbound.Server, Southbound.Server, Northd];

    public async Task CreateAsync(CancellationToken cancellation = default)
    {
        System.IO.Directory.CreateDirectory(Directory);
        await Northbound.CreateAsync(cancellation);
        await Southbound.CreateAsync(cancellation);
        await Northd.StartAsync(cancellation);
    }

    private static string RemotesOf(LabLayout layout, string place, string name, IReadOnlyList<IPAddress> peers) =>
        string.Join(',', peers.Select(peer => new OvnDatabase(layout, place, name, peer, peers).Remote));
}
