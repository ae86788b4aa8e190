using Microsoft.Extensions.Logging;
using Sluice.Agent.Attachments;
using Sluice.Agent.Cni;
using Sluice.Agent.Egress;
using Sluice.Agent.GatewayPorts;
using Sluice.Agent.Health;
using Sluice.Agent.Netlink;
using Sluice.Agent.NodePorts;
using Sluice.Agent.Nodes;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Agent.ProviderNetworks;
using Sluice.Agent.Reconcile;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Agent;

/// <summary>The whole agent: what it is made of, in the order in which it comes to life.</summary>
internal sealed class AgentHost(AgentOptions options, KubeConfig kubeConfig, NetworkNamespace host, ILoggerFactory loggers, TimeProvider time)
{
    private const string Component = "sluice-agent";

    /// <summary>Serves the node until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var client = new KubeClient(
            kubeConfig, new KubeClientOptions { UserAgent = Component, FieldManager = Component }, loggers.CreateLogger<KubeClient>(), time);
        var nodes = Follow(CoreResources.Nodes, client, new InformerOptions<Node> { FieldSelector = $"metadata.name={options.NodeName}" });
        var pods = Follow(CoreResources.Pods, client, new InformerOptions<Pod> { FieldSelector = $"spec.nodeName={options.NodeName}", Transform = Trim });
        var networks = Follow(SluiceResources.ProviderNetworks, client, new InformerOptions<ProviderNetwork>());
        var vlans = Follow(SluiceResources.Vlans, client, new InformerOptions<Vlan>());
        var subnets = Follow(SluiceResources.Subnets, client, new InformerOptions<Subnet>());
        var peers = Follow(CoreResources.Nodes, client, new InformerOptions<Node> { Transform = AddressesOnly });
        var vpcs = Follow(SluiceResources.Vpcs, client, new InformerOptions<Vpc> { Transform = Trim });
        var eips = Follow(SluiceResources.OvnEips, client, new InformerOptions<OvnEip> { Transform = Trim });
        var configs = Follow(CoreResources.ConfigMaps, client, new InformerOptions<ConfigMap>
        {
            Namespace = options.ExternalGatewayConfigNamespace,
            FieldSelector = $"metadata.name={ExternalGatewayConfig.Name}",
        });
        var synced = Task.WhenAll(
            nodes.WaitSyncedAsync(ct),
            pods.WaitSyncedAsync(ct),
            networks.WaitSyncedAsync(ct),
            vlans.WaitSyncedAsync(ct),
            subnets.WaitSyncedAsync(ct),
            peers.WaitSyncedAsync(ct),
            vpcs.WaitSyncedAsync(ct),
            eips.WaitSyncedAsync(ct),
            configs.WaitSyncedAsync(ct));

        var metrics = new AgentMetrics();
        await using var ovs = new OvsDatabase(options.OvsSocket, loggers.CreateLogger<OvsDatabase>(), time);
        await using var monitor = await host.RunAsync(() => LinkMonitor.Open(loggers.CreateLogger<LinkMonitor>()));
        using var queue = new WorkQueue<AgentKey>(time: time);
        var watch = new LinkWatch();
        var events = new EventRecorder(client, Component, loggers.CreateLogger<EventRecorder>(), time);
        var node = new NodeWriter(client, nodes, options.NodeName);

        ovs.ConnectionChanged += connected =>
        {
            if (!connected)
                metrics.OvsDisconnects.Add();
        };
        monitor.Overrun += () => metrics.LinkOverruns.Add();
        var speaker = new BirdSpeaker(options, time, loggers.CreateLogger<BirdSpeaker>());
        metrics.AddGauges(text => AgentMetrics.WriteState(text, ovs.IsConnected, speaker.IsRunning, queue.Count));

        var links = new AttachmentLinks(host);
        var podNetworks = new PodNetworkGatherer(subnets, node, ovs, host, options);
        var attachments = new AttachmentService(
            new PodNetworkSource(new PodWaiter(pods), podNetworks, client, events, time), links, ovs, options, time, loggers.CreateLogger<AttachmentService>());
        var providerNetworks = new ProviderNetworkGatherer(networks, vlans, subnets, configs, node, ovs, host, options);
        IReconciler[] reconcilers =
        [
            new ChassisReconciler(node, ovs),
            new ProviderNetworkReconciler(
                providerNetworks, new ProviderNetworkReporter(node, events), ovs, host, watch, time, loggers.CreateLogger<ProviderNetworkReconciler>()),
            new NodePortReconciler(
                new NodePortGatherer(subnets, node, ovs, podNetworks, options, host),
                new NodeReachability(new NodeConditionWriter(client, nodes, options.NodeName, time), time),
                ovs,
                host,
                watch,
                loggers.CreateLogger<NodePortReconciler>()),
            new GatewayPortReconciler(
                new GatewayPortGatherer(eips, subnets, vpcs, ovs, podNetworks, options, host),
                speaker,
                node,
                events,
                ovs,
                host,
                watch,
                options,
                loggers.CreateLogger<GatewayPortReconciler>()),
            new EgressReconciler(subnets, peers, options, host, loggers.CreateLogger<EgressReconciler>()),
            new AttachmentSweeper(attachments, links, ovs, pods, loggers.CreateLogger<AttachmentSweeper>()),
        ];

        await using var health = options.HealthPort == 0 ? null : new HealthServer(options.HealthAddress, options.HealthPort, NotReady, options.EnableMetrics ? metrics : null, loggers);
        if (health is not null)
            await health.StartAsync(ct);
        await ovs.StartAsync(ct);
        await using var server = new CniServer(
            options.BindSocket, new CniHandlers(attachments, new AttachmentChecker(links, ovs), NotReady), metrics, loggers, time);
        await server.StartAsync(ct);
        await CniConfigInstaller.InstallAsync(options, ct);

        var triggers = new Triggers(queue, providerNetworks, watch);
        nodes.Changed += triggers.NodeChanged;
        networks.Changed += triggers.ProviderNetworkChanged;
        vlans.Changed += triggers.VlanChanged;
        subnets.Changed += triggers.SubnetChanged;
        eips.Changed += triggers.EipChanged;
        vpcs.Changed += triggers.VpcChanged;
        peers.Changed += triggers.PeerChanged;
        configs.Changed += (_, _) => triggers.ProviderNetwork(options.ExternalGatewaySwitch);
        ovs.Changed += triggers.OvsChanged;
        monitor.Changed += triggers.LinkChanged;
        monitor.Start();
        var following = Task.WhenAll(
            nodes.RunAsync(ct),
            pods.RunAsync(ct),
            networks.RunAsync(ct),
            vlans.RunAsync(ct),
            subnets.RunAsync(ct),
            peers.RunAsync(ct),
            vpcs.RunAsync(ct),
            eips.RunAsync(ct),
            configs.RunAsync(ct),
            events.RunAsync(ct));

        // Nothing may be taken for garbage before everything that could use it is known.
        await synced;
        triggers.All();
        await new ReconcileLoop(queue, reconcilers, metrics, loggers.CreateLogger<ReconcileLoop>(), time).RunAsync(ct);
        await following;

        string? NotReady()
        {
            if (!ovs.IsConnected)
                return "there is no connection to the OVS database";
            if (ovs.Current.IntegrationBridge is null)
                return "there is no bridge br-int";
            return synced.IsCompletedSuccessfully ? null : "the API server has not been heard yet";
        }
    }

    private Informer<T> Follow<T>(ResourceType<T> type, KubeClient client, InformerOptions<T> informerOptions)
        where T : KubeObject =>
        new(client, type, informerOptions, loggers.CreateLogger<Informer<T>>(), time);

    /// <summary>Those of rules are none of a node's business: there may be ten thousands of them.</summary>
    private static OvnEip Trim(OvnEip eip) => eip.Spec.Type is EipTypes.Lrp or EipTypes.Lsp
        ? eip
        : new() { ApiVersion = eip.ApiVersion, Kind = eip.Kind, Metadata = new() { Name = eip.Metadata.Name, ResourceVersion = eip.Metadata.ResourceVersion } };

    /// <summary>Whether its router watches gateway nodes is all that a node asks of a VPC.</summary>
    private static Vpc Trim(Vpc vpc) => new() { Metadata = Bare(vpc.Metadata), Spec = new() { EnableBfd = vpc.Spec.EnableBfd } };

    /// <summary>Of other nodes only their addresses matter, not what they report all the time.</summary>
    private static Node AddressesOnly(Node node) => new()
    {
        ApiVersion = node.ApiVersion,
        Kind = node.Kind,
        Metadata = Bare(node.Metadata),
        Status = new() { Addresses = node.Status.Addresses },
    };

    private static ObjectMeta Bare(ObjectMeta metadata) =>
        new() { Name = metadata.Name, ResourceVersion = metadata.ResourceVersion, DeletionTimestamp = metadata.DeletionTimestamp };

    /// <summary>What nobody here reads, and what changes of would wake us.</summary>
    private static Pod Trim(Pod pod) => new()
    {
        ApiVersion = pod.ApiVersion,
        Kind = pod.Kind,
        Metadata = pod.Metadata with { Labels = null, OwnerReferences = null, Finalizers = null },
    };
}
