using Sluice.Lab.Containerd;

namespace Sluice.Lab.Tests.Containerd;

/// <summary>A test that needs a container runtime and a kubelet, and says so where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubeletFactAttribute : FactAttribute
{
    public KubeletFactAttribute()
    {
        if (ContainerdNode.IsInstalled)
            return;
        Skip = "there is no containerd or no kubelet: run 'make setup-kubelet'";
        Console.WriteLine($"skipped: the walkthrough with a container runtime: {Skip}");
    }
}
