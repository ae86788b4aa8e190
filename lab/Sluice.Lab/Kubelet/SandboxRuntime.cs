using System.Security.Cryptography;
using Sluice.Kube.Core;
using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Kubelet;

/// <summary>Makes and removes the network namespaces of one node's pods.</summary>
internal sealed class SandboxRuntime(LabLayout layout, CniRuntime cni, SandboxStore store)
{
    // A file name ends after 255 bytes; a pod's full name may be longer.
    private const int MaxReadableName = 200;

    /// <exception cref="CniPluginException">The plugin refused; nothing is left of the sandbox.</exception>
    public async Task<Sandbox> CreateAsync(Pod pod, CancellationToken cancellation)
    {
        var sandbox = New(pod);
        store.Save(sandbox);
        await NetworkNamespaces.CreateAsync(sandbox.NetworkNamespace, cancellation);
        try
        {
            sandbox = sandbox with { Result = await cni.AddAsync(sandbox, cancellation) };
        }
        catch (Exception e) when (e is CniPluginException or CommandException)
        {
            await RemoveAsync(sandbox, cancellation);
            throw;
        }

        // The switch behind this interface forwards in userspace; a plugin cannot know that, a node's owner does.
        await Link.DisableChecksumOffloadAsync(sandbox.NetworkNamespace, "eth0", cancellation);
        store.Save(sandbox);
        return sandbox;
    }

    /// <summary>Ends what runs in the sandbox and removes it.</summary>
    /// <exception cref="CniPluginException">The plugin refused; the sandbox stays for another attempt.</exception>
    public async Task RemoveAsync(Sandbox sandbox, CancellationToken cancellation)
    {
        if (NetworkNamespaces.Exists(sandbox.NetworkNamespace))
            await NetworkNamespaces.KillProcessesAsync(sandbox.NetworkNamespace, cancellation);
        await cni.DeleteAsync(sandbox, cancellation);
        await NetworkNamespaces.DeleteAsync(sandbox.NetworkNamespace, cancellation);
        store.Remove(sandbox);
    }

    private Sandbox New(Pod pod)
    {
        var uid = pod.Metadata.Uid!;
        var name = $"{pod.Metadata.Namespace}.{pod.Metadata.Name}";
        return new Sandbox
        {
            Uid = uid,
            PodNamespace = pod.Metadata.Namespace!,
            PodName = pod.Metadata.Name,
            Node = pod.Spec.NodeName!,
            ContainerId = RandomNumberGenerator.GetHexString(64, lowercase: true),
            NetworkNamespace = layout.NamespaceOf($"{name[..Math.Min(name.Length, MaxReadableName)]}-{uid[..8]}"),
        };
    }
}
