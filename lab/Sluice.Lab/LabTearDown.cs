using Sluice.Lab.Processes;

namespace Sluice.Lab;

/// <summary>Removes what a lab left on this machine, going by what is there and not by what should be.</summary>
internal static class LabTearDown
{
    public static async Task RunAsync(LabLayout layout, CancellationToken cancellation)
    {
        if (Directory.Exists(layout.Root))
        {
            foreach (var process in Component.Recorded(layout.Root))
                process.Send(Signal.Kill);
        }
        foreach (var networkNamespace in NetworkNamespaces.List(layout.NamespacePrefix))
        {
            await NetworkNamespaces.KillProcessesAsync(networkNamespace, cancellation);
            await NetworkNamespaces.DeleteAsync(networkNamespace, cancellation);
        }
        // The kernel clears namespaces in its own time; this interface would be in the way of the next lab until then.
        await new Command("ip", "link", "del", layout.HostInterface).TryAsync(cancellation);
        if (Directory.Exists(layout.Root))
            Directory.Delete(layout.Root, recursive: true);
    }
}
