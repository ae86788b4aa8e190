using System.Diagnostics;
using Sluice.Lab.Containerd;
using Sluice.Lab.Kubelet;
using Sluice.Lab.Network;
using Sluice.Lab.Nodes;
using Sluice.Lab.Processes;

namespace Sluice.Lab;

/// <summary>A part of the lab that is ready, and how long that took.</summary>
public sealed record LabStep(string Name, TimeSpan Duration);

/// <summary>The order in which a lab comes up. Kubernetes and the network start side by side: neither needs the other.</summary>
internal sealed class LabBringUp(LabCluster lab, IProgress<LabStep>? progress)
{
    private static readonly TimeSpan RegistrationTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RegistrationPause = TimeSpan.FromMilliseconds(200);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(lab.Layout.Root))
            throw new LabException($"lab '{lab.Layout.Name}' exists already: take it down first");
        Directory.CreateDirectory(lab.Layout.Root, OwnerOnly);
        lab.Options.Save(lab.Layout);

        await StepAsync("fabric", CreateFabricAsync, cancellation);
        await Task.WhenAll(
            StepAsync("Kubernetes API server", CreateKubernetesAsync, cancellation),
            CreateNetworkAsync(cancellation));
        if (lab.Options.Has(LabCluster.KubeletName))
            await StepAsync("kubelets", lab.Options.Runtime == PodRuntime.Light ? lab.Kubelet.StartAsync : StartContainerRuntimesAsync, cancellation);
        await Task.WhenAll(
            lab.Options.Has(LabCluster.ControllerName) ? StepAsync("controller", lab.Controller.StartAsync, cancellation) : Task.CompletedTask,
            lab.Options.Has(LabNode.AgentName) ? StepAsync("agents", stop => Task.WhenAll(lab.Nodes.Select(node => node.Agent.StartAsync(stop))), cancellation) : Task.CompletedTask);
    }

    private async Task CreateFabricAsync(CancellationToken cancellation)
    {
        await lab.Fabric.CreateAsync(cancellation);
        await CreateCentralPlaceAsync(cancellation);
    }

    // Central has a foot in the underlay, where the nodes reach it, and a link to this machine, for kubectl.
    private async Task CreateCentralPlaceAsync(CancellationToken cancellation)
    {
        const string underlay = "eth0", host = "host";
        var central = lab.Layout.NamespaceOf(LabLayout.Central);
        var (hostAddress, centralAddress) = LabAddresses.HostLink(lab.Layout.Name);

        await NetworkNamespaces.CreateAsync(central, cancellation);
        await lab.Fabric.ConnectUnderlayAsync(LabLayout.Central, underlay, cancellation);
        await Link.AddAddressesAsync(central, underlay, LabAddresses.Central, cancellation);
        await Link.DisableChecksumOffloadAsync(central, underlay, cancellation);
        await Link.ConnectAsync(null, lab.Layout.HostInterface, central, host, cancellation);
        await Link.AddAddressesAsync(null, lab.Layout.HostInterface, [hostAddress], cancellation);
        await Link.AddAddressesAsync(central, host, [centralAddress], cancellation);
    }

    private async Task CreateKubernetesAsync(CancellationToken cancellation)
    {
        await lab.ControlPlane.CreateCredentialsAsync(cancellation);
        await CreateIdentitiesAsync(cancellation);
        await lab.ControlPlane.StartAsync(cancellation);
        await InstallDefinitionsAsync(cancellation);
    }

    // An API server older than the validation rules of our kinds drops them, and its schema makes kubectl refuse them.
    private async Task InstallDefinitionsAsync(CancellationToken cancellation)
    {
        await lab.Kubectl("apply", "--validate=false", "-f", ProjectFiles.Manifests("crds")).RunAsync(cancellation);
        await lab.Kubectl("apply", "-f", ProjectFiles.Manifests("rbac"), "-f", ProjectFiles.LabManifests).RunAsync(cancellation);
        if (lab.Options.Webhook)
            await lab.Kubectl("apply", "-f", ProjectFiles.Manifests("webhook")).RunAsync(cancellation);
        await lab.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd", "--all").RunAsync(cancellation);
    }

    // Each program is a user of its own; deploy/rbac binds the roles.
    private async Task CreateIdentitiesAsync(CancellationToken cancellation)
    {
        await lab.ControlPlane.CreateKubeConfigAsync(LabCluster.KubeletName, "system:node:lab", ["system:nodes"], cancellation);
        await lab.ControlPlane.CreateKubeConfigAsync(LabCluster.ControllerName, "sluice:controller", [], cancellation);
        foreach (var node in lab.Nodes)
            await lab.ControlPlane.CreateKubeConfigAsync(LabCluster.KubeletConfigName(node.Index), $"system:node:{node.Name}", ["system:nodes"], cancellation);
        foreach (var node in lab.Nodes)
            await lab.ControlPlane.CreateKubeConfigAsync(LabCluster.AgentConfigName(node.Index), $"sluice:agent:{node.Name}", ["sluice:agents"], cancellation);
    }

    private async Task CreateNetworkAsync(CancellationToken cancellation)
    {
        await StepAsync("OVN databases and northd", lab.Ovn.CreateAsync, cancellation);
        await StepAsync("external router", lab.External.CreateAsync, cancellation);
        await Task.WhenAll(lab.Nodes.Select(node => StepAsync($"node {node.Name}", stop => CreateNodeAsync(node, stop), cancellation)));
    }

    private async Task CreateNodeAsync(LabNode node, CancellationToken cancellation)
    {
        await node.CreateAsync(lab.Fabric, lab.Ovn.SouthboundForNodes, cancellation);
        await node.WaitForChassisAsync(lab.Ovn.Southbound, cancellation);
    }

    private async Task StartContainerRuntimesAsync(CancellationToken cancellation)
    {
        var image = Path.Combine(lab.Layout.Root, "busybox.tar");
        await BusyboxImage.WriteAsync(image, cancellation);
        await Task.WhenAll(lab.Runtimes.Select(runtime => runtime.StartAsync(image, cancellation)));
        foreach (var node in lab.Nodes)
            await LabelAsync(node, cancellation);
    }

    // Kubelets may not give their nodes labels below kubernetes.io themselves.
    private async Task LabelAsync(LabNode node, CancellationToken cancellation)
    {
        var label = lab.Kubectl("label", "--overwrite", "node", node.Name, $"{KubeletNode.GatewayLabel}=true");
        var started = Stopwatch.GetTimestamp();
        while ((await label.TryAsync(cancellation)).ExitCode != 0)
        {
            if (Stopwatch.GetElapsedTime(started) > RegistrationTimeout)
                throw new LabException($"the kubelet of {node.Name} does not register its node; see 'lab logs kubelet@{node.Name}'");
            await Task.Delay(RegistrationPause, cancellation);
        }
    }

    private async Task StepAsync(string name, Func<CancellationToken, Task> step, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await step(cancellation);
        progress?.Report(new LabStep(name, Stopwatch.GetElapsedTime(started)));
    }
}
