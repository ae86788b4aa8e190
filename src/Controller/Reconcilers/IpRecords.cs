using Sluice.Api;
using Sluice.Controller.Writers;
using Sluice.Plan;

namespace Sluice.Controller.Reconcilers;

/// <summary>Stores and removes the IP objects that record the addresses of ports.</summary>
public sealed class IpRecords(Cluster cluster, ObjectWriter objects)
{
    /// <summary>The IP object of that name, or null.</summary>
    public Ip? Find(string name) => cluster.Ips.Find(name);

    /// <summary>Stores an IP object if it differs.</summary>
    /// <param name="observed">As it is; null when there is none.</param>
    /// <returns>As it is now; null when somebody else was faster.</returns>
    public Task<Ip?> StoreAsync(Ip? observed, Ip desired, CancellationToken cancellation)
    {
        if (observed is null)
            return objects.CreateAsync(cluster.Ips, desired, cancellation);

        // What is to be deleted is not changed any more.
        return observed.Metadata.IsDeleting || observed == desired
            ? Task.FromResult<Ip?>(observed)
            : objects.WriteAsync(cluster.Ips, new Change<Ip>(observed, desired), cancellation);
    }

    /// <summary>Removes an IP object whose port is gone; its addresses are free when it is.</summary>
    public async Task RemoveAsync(Ip ip, CancellationToken cancellation)
    {
        var change = new Change<Ip>(ip, ip with { Metadata = ip.Metadata.WithoutFinalizer() });
        if (await objects.WriteMetadataAsync(cluster.Ips, change, cancellation) is { } released)
            await objects.DeleteAsync(cluster.Ips, released, cancellation);
    }
}
