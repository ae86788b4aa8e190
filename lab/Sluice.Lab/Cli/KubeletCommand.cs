using System.CommandLine;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Sluice.Kube;
using Sluice.Lab.Kubelet;

namespace Sluice.Lab.Cli;

/// <summary>The program of the component <c>kubelet</c>; not for people.</summary>
internal static class KubeletCommand
{
    public static Command Create()
    {
        var command = new Command("kubelet", "Stand in for the kubelets of the lab's nodes") { Hidden = true };
        command.SetAction((_, _) => RunAsync(LabCluster.Open(LabName.Current)));
        return command;
    }

    private static async Task RunAsync(LabCluster lab)
    {
        using var end = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            end.Cancel();
        });
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        }));
        using var client = new KubeClient(KubeConfig.Load(lab.ControlPlane.KubeConfigOf(LabCluster.KubeletName)), logger: loggers.CreateLogger<KubeClient>());

        var store = new SandboxStore(lab.Layout.SandboxDirectory);
        var nodes = lab.Nodes.ToDictionary(node => node.Name, node => new KubeletNode(
            node.Name,
            [.. node.Addresses.Take(lab.Options.DualStack ? 2 : 1).Select(address => address.Address.ToString())],
            new SandboxRuntime(lab.Layout, new CniRuntime(node.Cni.ConfigurationFolder, node.Cni.PluginFolder), store)));
        try
        {
            await new KubeletStandIn(client, nodes, store, lab.KubeletSocket, loggers).RunAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Asked to end.
        }
    }
}
