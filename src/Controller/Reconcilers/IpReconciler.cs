using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Loop;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Addresses;

namespace Sluice.Controller.Reconcilers;

/// <summary>
/// Serves IP objects that belong to no port that we make: reservations under a name of their own. Those of pods and nodes belong to the
/// keys of these.
/// </summary>
public sealed class IpReconciler(Cluster cluster, AddressAccess addresses, IpRecords records, EventRecorder events) : IReconciler
{
    public string Kind => Keys.IpKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        if (cluster.Ips.Find(key.Name) is not { } ip || Keys.OfPort(ip) != key)
            return Outcome.Done;
        return await ReserveAsync(ip, key, cancellation);
    }

    /// <summary>Gives a reservation its addresses, or lets it go.</summary>
    internal async Task<Outcome> ReserveAsync(Ip ip, OwnerKey key, CancellationToken cancellation)
    {
        if (ip.Metadata.IsDeleting)
        {
            if (IpPlan.InUse(ip, addresses.Users.Of(ip)) is { } use)
                return Block(ip, AddressReasons.InUse, use);
            await records.RemoveAsync(ip, cancellation);
            return Outcome.Done;
        }

        var grant = addresses.Book.Claim(AddressClaims.OfReservation(ip), key);
        if (grant.Refusal?.Reason == AddressReasons.Gone)
            return Outcome.Done;
        if (grant is { Lease: null, Refusal: { } refusal })
            return Block(ip, refusal.Reason, refusal.Message);
        await records.StoreAsync(ip, IpPlan.Reserve(ip, grant.Lease!), cancellation);
        return Outcome.Done;
    }

    /// <summary>An IP has no status to say it in.</summary>
    private Outcome.Blocked Block(Ip ip, string reason, string message)
    {
        events.Warning(cluster.Ips.Type, ip, reason, message);
        return new(reason, message);
    }
}
