using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan;
using Sluice.Plan.Addresses;

namespace Sluice.Controller.Reconcilers;

/// <summary>Gives OvnEips their addresses.</summary>
public sealed class OvnEipReconciler(
    Cluster cluster, AddressBook book, AddressPromises promises, NewEips newcomers, AddressUsers users, RowWriter rows, ObjectWriter objects) : IReconciler
{
    public string Kind => Keys.OvnEipKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        var eip = cluster.Eips.Find(key.Name);
        if (eip is not null && !eip.Metadata.IsDeleting)
            eip = await objects.WriteMetadataAsync(cluster.Eips, EipPlan.For(Gather(eip, key)).Change, cancellation);
        if (eip is null)
        {
            // Gone, or changed meanwhile: then the change brings the key again.
            if (cluster.Eips.Find(key.Name) is null)
            {
                promises.TakeBack(key);
                newcomers.Forget(key.Name);
                await rows.ApplyAsync(key, [], cancellation);
            }
            return Outcome.Done;
        }

        var input = Gather(eip, key);
        if (newcomers.Wait(eip, isUsed: !input.Users.IsEmpty) is { } moment)
            return new Outcome.After(moment);

        var plan = EipPlan.For(input);
        await rows.ApplyAsync(key, plan.Rows, cancellation);
        if (await objects.WriteStatusAsync(cluster.Eips, plan.Change, cancellation) is { Metadata.IsDeleting: true } released)
            await objects.WriteMetadataAsync(cluster.Eips, EipPlan.For(Gather(released, key)).Change, cancellation);
        return plan.Outcome;
    }

    private EipInput Gather(OvnEip eip, OwnerKey key)
    {
        var subnet = cluster.Defaults.SubnetOf(eip);
        return new()
        {
            Eip = eip,
            Subnet = subnet,
            Grant = book.Claim(AddressClaims.Of(eip, subnet)),
            Users = users.Of(eip),
            HasNode = cluster.Nodes.Find(key.Name) is { Metadata.IsDeleting: false },
            IsPortUp = rows.Current.Owned<LogicalSwitchPort>(key).Any(port => port.Row.Up == true),
        };
    }
}
