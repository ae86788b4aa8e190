using System.Diagnostics;
using Sluice.Lab.Containerd;
using Sluice.Lab.Kubelet;
using Sluice.Lab.Processes;

namespace Sluice.Lab;

/// <summary>Removes what a lab left on this machine, going by what is there and not by what should be.</summary>
internal static class LabTearDown
{
    private static readonly TimeSpan ControlGroupPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ControlGroupPause = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(LabLayout layout, CancellationToken cancellation)
    {
        if (Directory.Exists(layout.Root))
        {
            foreach (var process in Component.Recorded(layout.Root))
                process.Send(Signal.Kill);
        }
        // A container runtime names the namespaces of pods after its own fashion.
        var ofPods = new SandboxStore(layout.SandboxDirectory).All().Select(sandbox => sandbox.NetworkNamespace).Where(NetworkNamespaces.Exists);
        foreach (var networkNamespace in NetworkNamespaces.List(layout.NamespacePrefix).Union(ofPods).ToList())
        {
            await NetworkNamespaces.KillProcessesAsync(networkNamespace, cancellation);
            await NetworkNamespaces.DeleteAsync(networkNamespace, cancellation);
        }
        // The kernel clears namespaces in its own time; this interface would be in the way of the next lab until then.
        await new Command("ip", "link", "del", layout.HostInterface).TryAsync(cancellation);
        var containers = ContainerdNode.Containers(layout);
        await UnmountAsync(layout.Root, cancellation);
        await RemoveControlGroupsAsync(containers, cancellation);
        if (Directory.Exists(layout.Root))
            Directory.Delete(layout.Root, recursive: true);
    }

    /// <summary>Detaches what containers had mounted below a directory, the innermost first.</summary>
    private static async Task UnmountAsync(string directory, CancellationToken cancellation)
    {
        var mounted = (await File.ReadAllLinesAsync("/proc/self/mounts", cancellation)).Select(line => line.Split(' ')[1]);
        foreach (var point in mounted.Where(point => point.StartsWith($"{directory}/", StringComparison.Ordinal)).Reverse())
            await new Command("umount", "--lazy", point).RunAsync(cancellation);
    }

    /// <summary>Removes the control groups of containers, which are dead, as soon as the kernel has noticed.</summary>
    private static async Task RemoveControlGroupsAsync(IEnumerable<string> containers, CancellationToken cancellation)
    {
        foreach (var group in containers.SelectMany(ContainerdNode.ControlGroupsOf).Where(Directory.Exists))
        {
            var started = Stopwatch.GetTimestamp();
            while (!TryDelete(group) && Stopwatch.GetElapsedTime(started) < ControlGroupPatience)
                await Task.Delay(ControlGroupPause, cancellation);
        }
    }

    private static bool TryDelete(string directory)
    {
        try
        {
            Directory.Delete(directory);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
