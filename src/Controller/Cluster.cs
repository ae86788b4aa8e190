using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Api;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller;

/// <summary>What we know of the cluster: a cache of every kind that plans depend on. Reconcilers read nothing else of the API.</summary>
public sealed class Cluster
{
    private readonly KubeClient _client;
    private readonly ILoggerFactory _logs;
    private readonly TimeProvider _time;
    private readonly List<Func<CancellationToken, Task>> _run = [];
    private readonly List<Func<CancellationToken, Task>> _synced = [];
    private readonly List<FollowedKind> _followed = [];

    public Cluster(KubeClient client, ControllerOptions options, ILoggerFactory logs, TimeProvider time)
    {
        (_client, _logs, _time) = (client, logs, time);
        Defaults = Defaults.From(options);

        Nodes = Watch(CoreResources.Nodes);
        Namespaces = Watch(CoreResources.Namespaces);
        Pods = Watch(CoreResources.Pods, new InformerOptions<Pod> { Indexes = Indexes.OfPods, StartsWithoutUnreadable = true });
        StatefulSets = Watch(CoreResources.StatefulSets, new InformerOptions<StatefulSet> { StartsWithoutUnreadable = true });
        ConfigMaps = Watch(CoreResources.ConfigMaps, new InformerOptions<ConfigMap>
        {
            Namespace = options.ExternalGatewayConfigNamespace,
            FieldSelector = $"metadata.name={ExternalGatewayConfig.Name}",
        });

        ProviderNetworks = Watch(SluiceResources.ProviderNetworks);
        Vlans = Watch(SluiceResources.Vlans, Indexes.OfVlans(Defaults));
        Subnets = Watch(SluiceResources.Subnets, Indexes.OfSubnets(Defaults));
        Vpcs = Watch(SluiceResources.Vpcs);
        Ips = Watch(SluiceResources.Ips, Indexes.OfIps);
        Vips = Watch(SluiceResources.Vips, Indexes.OfVips);
        Eips = Watch(SluiceResources.OvnEips, Indexes.OfEips(Defaults));
        Fips = Watch(SluiceResources.OvnFips, Indexes.OfFips);
        SnatRules = Watch(SluiceResources.OvnSnatRules, Indexes.OfSnatRules);
        DnatRules = Watch(SluiceResources.OvnDnatRules, Indexes.OfDnatRules);
    }

    public Defaults Defaults { get; }

    public Resource<Node> Nodes { get; }

    public Resource<Namespace> Namespaces { get; }

    public Resource<Pod> Pods { get; }

    /// <summary>For how long addresses of pods that are gone are kept.</summary>
    public Resource<StatefulSet> StatefulSets { get; }

    /// <summary>Only the one that <see cref="ExternalGatewayConfig"/> describes.</summary>
    public Resource<ConfigMap> ConfigMaps { get; }

    public Resource<ProviderNetwork> ProviderNetworks { get; }

    public Resource<Vlan> Vlans { get; }

    public Resource<Subnet> Subnets { get; }

    public Resource<Vpc> Vpcs { get; }

    public Resource<Ip> Ips { get; }

    public Resource<Vip> Vips { get; }

    public Resource<OvnEip> Eips { get; }

    public Resource<OvnFip> Fips { get; }

    public Resource<OvnSnatRule> SnatRules { get; }

    public Resource<OvnDnatRule> DnatRules { get; }

    /// <summary>How well each kind is known.</summary>
    public IEnumerable<(string Kind, bool HasSynced, TimeSpan? Silence)> Followed =>
        _followed.Select(kind => (kind.Kind, kind.HasSynced(), kind.Silence()));

    /// <summary>Follows all kinds until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(_run.Select(run => run(cancellation)));

    /// <summary>Returns when every kind was listed: before that, an object that is not here need not be missing.</summary>
    public Task WaitSyncedAsync(CancellationToken cancellation) => Task.WhenAll(_synced.Select(wait => wait(cancellation)));

    private Resource<T> Watch<T>(ResourceType<T> type, params ImmutableArray<Index<T>> indexes)
        where T : KubeObject => Watch(type, new InformerOptions<T> { Indexes = indexes });

    private Resource<T> Watch<T>(ResourceType<T> type, InformerOptions<T> options)
        where T : KubeObject
    {
        var informer = new Informer<T>(_client, type, options, _logs.CreateLogger<Informer<T>>(), _time);
        _run.Add(informer.RunAsync);
        _synced.Add(informer.WaitSyncedAsync);
        _followed.Add(new(type.Kind, () => informer.HasSynced, () => informer.Silence));
        return new Resource<T>(type, informer);
    }

    private sealed record FollowedKind(string Kind, Func<bool> HasSynced, Func<TimeSpan?> Silence);
}
