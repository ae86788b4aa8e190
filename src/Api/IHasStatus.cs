using Sluice.Kube;

namespace Sluice.Api;

/// <summary>An object with a status, for code that writes statuses of any kind.</summary>
public interface IHasStatus
{
    ResourceStatus? Status { get; }

    /// <summary>The same object with another status, which must be of the kind's own type.</summary>
    KubeObject WithStatus(ResourceStatus? status);
}
