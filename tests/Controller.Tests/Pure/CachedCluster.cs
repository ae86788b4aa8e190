using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Controller.Options;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Pure;

/// <summary>Caches without a server: a test puts objects in and takes them out as a watch would.</summary>
internal sealed class CachedCluster : IDisposable
{
    private static readonly ControllerOptions Options = new() { ExternalGatewaySwitch = "external204" };

    private readonly KubeClient _client = new(new KubeConfig { Server = new Uri("https://nowhere.invalid") });
    private int _version;

    public CachedCluster() => Cluster = new Cluster(_client, Options, NullLoggerFactory.Instance, TimeProvider.System);

    public Cluster Cluster { get; }

    public T Put<T>(Resource<T> resource, T item)
        where T : KubeObject
    {
        var metadata = item.Metadata with
        {
            ResourceVersion = $"{++_version}",
            Uid = item.Metadata.Uid ?? $"uid-{item.Metadata.Name}",
            CreationTimestamp = item.Metadata.CreationTimestamp ?? DateTimeOffset.UnixEpoch.AddSeconds(_version),
        };
        item = (T)((KubeObject)item with { Metadata = metadata });
        resource.Informer.Observe(item);
        return item;
    }

    /// <summary>The last finalizer of an object that is being deleted was removed.</summary>
    public void Remove<T>(Resource<T> resource, T item)
        where T : KubeObject
    {
        var metadata = item.Metadata with { ResourceVersion = $"{++_version}", DeletionTimestamp = DateTimeOffset.UnixEpoch, Finalizers = null };
        resource.Informer.Observe((T)((KubeObject)item with { Metadata = metadata }));
    }

    public void Dispose() => _client.Dispose();
}
