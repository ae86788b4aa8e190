using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Lab.Kubelet;

/// <summary>
/// Stands in for the kubelets and container runtimes of all nodes of a lab: registers the nodes, and gives each pod that
/// names one of them a network namespace, by way of the real CNI plugin. It runs no containers.
/// </summary>
internal sealed partial class KubeletStandIn(KubeClient client, IReadOnlyDictionary<string, KubeletNode> nodes, SandboxStore store, string readySocket, ILoggerFactory loggers)
{
    private const int Workers = 4;

    private readonly ILogger _logger = loggers.CreateLogger<KubeletStandIn>();
    private readonly Informer<Pod> _pods = new(client, CoreResources.Pods, logger: loggers.CreateLogger<Informer<Pod>>());
    private readonly WorkQueue<ObjectKey> _queue = new(new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5)));

    public async Task RunAsync(CancellationToken cancellation)
    {
        _pods.Changed += (before, after) => _queue.Add((after ?? before)!.Key);
        var following = _pods.RunAsync(cancellation);
        await Task.WhenAll(nodes.Values.Select(node => node.RegisterAsync(client, TimeProvider.System, cancellation)));
        await _pods.WaitSyncedAsync(cancellation);
        foreach (var sandbox in store.All())
            _queue.Add(sandbox.Pod);

        var worker = new PodWorker(client, _pods, store, nodes, TimeProvider.System);
        await Task.WhenAll([following, AnswerAsync(cancellation), .. Enumerable.Range(0, Workers).Select(_ => WorkAsync(worker, cancellation))]);
    }

    private async Task WorkAsync(PodWorker worker, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            ObjectKey key;
            try
            {
                key = await _queue.TakeAsync(cancellation);
            }
            catch (Exception e) when (e is ChannelClosedException or OperationCanceledException)
            {
                return;
            }
            try
            {
                await worker.ReconcileAsync(key, cancellation);
                _queue.Forget(key);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogFailure(key, _queue.Retry(key), e.Message);
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    /// <summary>Accepts connections, and says nothing: that it does means that the nodes are registered.</summary>
    private async Task AnswerAsync(CancellationToken cancellation)
    {
        File.Delete(readySocket);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(readySocket));
        listener.Listen();
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                (await listener.AcceptAsync(cancellation)).Dispose();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Pod {Pod} failed, next attempt in {Delay}: {Problem}")]
    private partial void LogFailure(ObjectKey pod, TimeSpan delay, string problem);
}
