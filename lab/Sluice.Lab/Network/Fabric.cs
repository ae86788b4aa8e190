using System.Globalization;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Network;

/// <summary>
/// The switches between the machines: one for the underlay, over which nodes tunnel and reach the central place, and
/// one for the trunk, which carries the VLANs of the external networks. The kernel has no say in VLANs here.
/// </summary>
public sealed class Fabric(LabLayout layout)
{
    private const string UnderlaySwitch = "underlay";
    private const string TrunkSwitch = "trunk";

    private readonly string _namespace = layout.NamespaceOf(LabLayout.Fabric);

    public OvsInstance Ovs { get; } = new(layout, LabLayout.Fabric);

    public async Task CreateAsync(CancellationToken cancellation = default)
    {
        await NetworkNamespaces.CreateAsync(_namespace, cancellation);
        await Ovs.CreateAsync(cancellation);
        await Ovs.Vsctl(
            "add-br", UnderlaySwitch, "--", "set", "bridge", UnderlaySwitch, "datapath_type=netdev", "fail_mode=standalone", "--",
            "add-br", TrunkSwitch, "--", "set", "bridge", TrunkSwitch, "datapath_type=netdev", "fail_mode=standalone").RunAsync(cancellation);
    }

    /// <summary>Plugs an interface of a place into the underlay.</summary>
    public Task ConnectUnderlayAsync(string place, string interfaceName, CancellationToken cancellation = default) =>
        ConnectAsync(UnderlaySwitch, $"u-{place}", place, interfaceName, [], cancellation);

    /// <summary>Plugs an interface into the trunk: frames of every VLAN, tagged.</summary>
    public Task ConnectTrunkAsync(string place, string interfaceName, CancellationToken cancellation = default) =>
        ConnectAsync(TrunkSwitch, $"t-{place}", place, interfaceName, [], cancellation);

    /// <summary>Plugs an interface into one VLAN of the trunk: frames of that VLAN, untagged.</summary>
    public Task ConnectVlanAsync(string place, string interfaceName, int vlan, CancellationToken cancellation = default) =>
        ConnectAsync(TrunkSwitch, string.Create(CultureInfo.InvariantCulture, $"v{vlan}-{place}"), place, interfaceName,
            [string.Create(CultureInfo.InvariantCulture, $"tag={vlan}")], cancellation);

    private async Task ConnectAsync(string bridge, string port, string place, string interfaceName, string[] settings, CancellationToken cancellation)
    {
        await Link.ConnectAsync(layout.NamespaceOf(place), interfaceName, _namespace, port, cancellation);
        await Ovs.Vsctl(["add-port", bridge, port, .. settings]).RunAsync(cancellation);
    }
}
