using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan;

namespace Sluice.Controller.Writers;

/// <summary>Stores a change that may be of metadata and of status.</summary>
public static class ChangeWriting
{
    /// <summary>Stores the metadata, then the status, each if it differs. Nothing more is stored of an object that somebody else changed.</summary>
    public static async Task StoreAsync<T>(this ObjectWriter objects, Resource<T> resource, Change<T> change, CancellationToken cancellation)
        where T : KubeObject, IHasStatus
    {
        var stored = await objects.WriteMetadataAsync(resource, change, cancellation);
        if (stored is null) return;
        var status = new Change<T>(stored, (T)stored.WithStatus(change.Desired.Status));
        await objects.WriteStatusAsync(resource, status, cancellation);
    }
}
