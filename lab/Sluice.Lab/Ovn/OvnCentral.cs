using System.Globalization;
using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Ovn;

/// <summary>The databases and northd of OVN: one standalone set, or a RAFT cluster of three.</summary>
public sealed class OvnCentral
{
    private readonly Fabric _fabric;
    private readonly LabLayout _layout;

    public OvnCentral(LabLayout layout, int members, Fabric fabric)
    {
        _fabric = fabric;
        _layout = layout;
        var places = members == 1
            ? [LabLayout.Central]
            : Enumerable.Range(1, members).Select(index => string.Create(CultureInfo.InvariantCulture, $"{LabLayout.Central}-{index}"));
        var addresses = members == 1
            ? [LabAddresses.Central[0]]
            : Enumerable.Range(1, members).Select(index => LabAddresses.CentralMember(index)[0]);
        var peers = addresses.Select(address => address.Address).ToList();
        Members = [.. places.Zip(peers, (place, address) => new OvnMember(layout, place, address, peers))];
    }

    public IReadOnlyList<OvnMember> Members { get; }

    public IEnumerable<Component> Components => Members.SelectMany(member => member.Components);

    /// <summary>The northbound database, by unix sockets: for programs on this machine.</summary>
    public string Northbound => string.Join(',', Members.Select(member => member.Northbound.Local));

    /// <summary>The southbound database, by unix sockets: for programs on this machine.</summary>
    public string Southbound => string.Join(',', Members.Select(member => member.Southbound.Local));

    /// <summary>The southbound database, as the nodes reach it over the underlay.</summary>
    public string SouthboundForNodes => string.Join(',', Members.Select(member => member.Southbound.Remote));

    /// <summary>Where the control sockets of the first member are.</summary>
    public string RunDirectory => Members[0].Directory;

    /// <summary>Creates empty databases and starts everything. The namespace of a single member exists already.</summary>
    public async Task CreateAsync(CancellationToken cancellation = default)
    {
        for (var index = 0; index < Members.Count; index++)
        {
            if (Members.Count > 1)
                await CreatePlaceAsync(Members[index].Place, LabAddresses.CentralMember(index + 1), cancellation);
            await Members[index].CreateAsync(cancellation);
        }
    }

    public Command Nbctl(params IReadOnlyList<string> arguments) =>
        new("ovn-nbctl", [$"--db={Running(member => member.Northbound)}", .. arguments]);

    public Command Sbctl(params IReadOnlyList<string> arguments) =>
        new("ovn-sbctl", [$"--db={Running(member => member.Southbound)}", .. arguments]);

    // The tools give up at the first server that refuses, so they are only told of those that run.
    private string Running(Func<OvnMember, OvnDatabase> database)
    {
        var all = Members.Select(database).ToList();
        var running = all.Where(server => server.Server.State == ComponentState.Running).ToList();
        return string.Join(',', (running.Count > 0 ? running : all).Select(server => server.Local));
    }

    private async Task CreatePlaceAsync(string place, IReadOnlyList<InterfaceAddress> addresses, CancellationToken cancellation)
    {
        const string interfaceName = "eth0";
        var networkNamespace = _layout.NamespaceOf(place);
        await NetworkNamespaces.CreateAsync(networkNamespace, cancellation);
        await _fabric.ConnectUnderlayAsync(place, interfaceName, cancellation);
        await Link.AddAddressesAsync(networkNamespace, interfaceName, addresses, cancellation);
        await Link.DisableChecksumOffloadAsync(networkNamespace, interfaceName, cancellation);
    }
}
