using System.Globalization;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Network;

/// <summary>
/// The world outside: a router that is the gateway of the underlay and of every external network, and one host in the
/// Internet behind it. Nothing here translates addresses, so what arrives at the host shows what the cluster sent.
/// </summary>
public sealed class ExternalRouter(LabLayout layout, Fabric fabric)
{
    private const string UnderlayInterface = "underlay";
    private const string InternetInterface = "internet";

    private readonly string _router = layout.NamespaceOf(LabLayout.External);
    private readonly string _internet = layout.NamespaceOf(LabLayout.Internet);

    /// <summary>The router's interface in an external network.</summary>
    public static string InterfaceOf(int vlan) => string.Create(CultureInfo.InvariantCulture, $"vlan{vlan}");

    public async Task CreateAsync(CancellationToken cancellation = default)
    {
        await NetworkNamespaces.CreateAsync(_router, cancellation);
        await Link.EnableForwardingAsync(_router, cancellation);
        await fabric.ConnectUnderlayAsync(LabLayout.External, UnderlayInterface, cancellation);
        await ConfigureAsync(UnderlayInterface, LabAddresses.UnderlayGateway, cancellation);
        await AddNetworkAsync(LabAddresses.ExternalVlan, LabAddresses.ExternalGateway, cancellation);
        await AddInternetAsync(cancellation);
    }

    /// <summary>Makes the router the gateway of one more external network.</summary>
    public async Task AddNetworkAsync(int vlan, IReadOnlyList<InterfaceAddress> gateway, CancellationToken cancellation = default)
    {
        await fabric.ConnectVlanAsync(LabLayout.External, InterfaceOf(vlan), vlan, cancellation);
        await ConfigureAsync(InterfaceOf(vlan), gateway, cancellation);
    }

    // A host of its own: the router answers UDP from whatever address is nearest, a host only has the one.
    private async Task AddInternetAsync(CancellationToken cancellation)
    {
        const string hostInterface = "eth0";
        await NetworkNamespaces.CreateAsync(_internet, cancellation);
        await Link.ConnectAsync(_router, InternetInterface, _internet, hostInterface, cancellation);
        await ConfigureAsync(InternetInterface, LabAddresses.InternetGateway, cancellation);
        await Link.AddAddressesAsync(_internet, hostInterface, LabAddresses.InternetHost, cancellation);
        await Link.AddDefaultRoutesAsync(_internet, LabAddresses.InternetGateway, cancellation);
        await Link.DisableChecksumOffloadAsync(_internet, hostInterface, cancellation);
    }

    private async Task ConfigureAsync(string interfaceName, IReadOnlyList<InterfaceAddress> addresses, CancellationToken cancellation)
    {
        await Link.AddAddressesAsync(_router, interfaceName, addresses, cancellation);
        await Link.DisableChecksumOffloadAsync(_router, interfaceName, cancellation);
    }
}
