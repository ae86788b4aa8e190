using System.Net;

namespace Sluice.Lab.ControlPlane;

/// <summary>Where a control plane lives.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>Certificates, data, logs, kubeconfigs.</summary>
    public required string Directory { get; init; }

    /// <summary>The network namespace of its processes; null is the namespace of this process.</summary>
    public string? Namespace { get; init; }

    /// <summary>The address the servers listen on and their own clients use.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Further addresses of the API server, for its certificate.</summary>
    public IReadOnlyList<IPAddress> OtherAddresses { get; init; } = [];

    /// <summary>The address that <see cref="KubernetesControlPlane.AdminKubeConfig"/> names; by default <see cref="Address"/>.</summary>
    public IPAddress? AdminAddress { get; init; }

    /// <summary>
    /// Whether kube-controller-manager runs: it deletes the contents of namespaces and collects objects whose owner is gone.
    /// </summary>
    public bool ControllerManager { get; init; } = true;

    /// <summary>Whether the API server writes down who of ours asked for what: <see cref="KubernetesControlPlane.AuditLog"/>.</summary>
    public bool Audit { get; init; }

    public string ServiceClusterRange { get; init; } = "10.96.0.0/16";
}
