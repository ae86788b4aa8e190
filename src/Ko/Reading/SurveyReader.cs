using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Ovsdb;

namespace Sluice.Ko.Reading;

/// <summary>Reads a <see cref="Survey"/>. Changes nothing.</summary>
/// <param name="ns">Namespace of the controller's lease.</param>
public sealed class SurveyReader(KubeClient kube, string northbound, string southbound, IReadOnlyList<string> controllerFlags, string ns, TimeProvider time)
{
    private const string LeaseName = "kube-ovn-controller";

    /// <exception cref="KubeException">The API server does not answer, or does not let us read.</exception>
    /// <exception cref="OvsdbException">An address of a database makes no sense.</exception>
    public async Task<Survey> ReadAsync(CancellationToken cancellation)
    {
        await using var nb = new NorthboundDatabase(Database(northbound), time: time);
        await using var sb = new SouthboundDatabase(Database(southbound), time: time, ports: true);
        await Task.WhenAll(nb.StartAsync(cancellation), sb.StartAsync(cancellation));
        var settings = ControllerSettings.Parse(controllerFlags);
        var capabilities = settings.Vpcs.Capabilities with { NatGatewayPort = nb.Current.Supports("NAT", "gateway_port") };
        var objects = await ReadObjectsAsync(settings with { Vpcs = settings.Vpcs with { Capabilities = capabilities } }, cancellation);
        (objects.Northbound, objects.Southbound) = (nb.Current, sb.Current);
        return new(objects, nb.Current, sb.Current, time.GetUtcNow());
    }

    private async Task<ClusterObjects> ReadObjectsAsync(ControllerSettings settings, CancellationToken cancellation)
    {
        var (nodes, namespaces, pods, sets) =
            (List(CoreResources.Nodes), List(CoreResources.Namespaces), List(CoreResources.Pods), List(CoreResources.StatefulSets));
        var (networks, vlans, subnets, vpcs) =
            (List(SluiceResources.ProviderNetworks), List(SluiceResources.Vlans), List(SluiceResources.Subnets), List(SluiceResources.Vpcs));
        var (ips, vips, eips) = (List(SluiceResources.Ips), List(SluiceResources.Vips), List(SluiceResources.OvnEips));
        var (fips, snatRules, dnatRules) = (List(SluiceResources.OvnFips), List(SluiceResources.OvnSnatRules), List(SluiceResources.OvnDnatRules));
        return new()
        {
            Controller = settings,
            Nodes = await nodes,
            Namespaces = await namespaces,
            Pods = await pods,
            StatefulSets = await sets,
            ProviderNetworks = await networks,
            Vlans = await vlans,
            Subnets = await subnets,
            Vpcs = await vpcs,
            Ips = await ips,
            Vips = await vips,
            Eips = await eips,
            Fips = await fips,
            SnatRules = await snatRules,
            DnatRules = await dnatRules,
            GatewayConfig = await kube.FindAsync(CoreResources.ConfigMaps, settings.ConfigNamespace, ExternalGatewayConfig.Name, cancellation),
            Lease = await kube.FindAsync(CoreResources.Leases, ns, LeaseName, cancellation),
        };

        async Task<Catalog<T>> List<T>(ResourceType<T> type)
            where T : KubeObject => new((await kube.ListAsync(type, cancellationToken: cancellation)).Items);
    }

    private static OvnDatabaseOptions Database(string address) => new() { Endpoints = Endpoint.ParseList(address), LeaderOnly = false };
}
