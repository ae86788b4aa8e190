using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Loop;
using Sluice.Controller.Writers;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Ports;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Reconcilers;

/// <summary>Gives Vips their addresses, and ports to those that pods of a namespace share.</summary>
public sealed class VipReconciler(Cluster cluster, AddressBook book, VipLoans loans, AddressUsers users, RowWriter rows, ObjectWriter objects) : IReconciler
{
    public string Kind => Keys.VipKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        var vip = cluster.Vips.Find(key.Name);
        if (vip is not null && !vip.Metadata.IsDeleting)
            vip = await objects.WriteWithStatusAsync(cluster.Vips, VipPlan.For(Gather(vip)).Change, cancellation);
        if (vip is null)
        {
            // Gone, or changed meanwhile: then the change brings the key again.
            if (cluster.Vips.Find(key.Name) is null)
                await rows.ApplyAsync(key, [], cancellation);
            return Outcome.Done;
        }

        var plan = VipPlan.For(Gather(vip));
        await rows.ApplyAsync(key, plan.Rows, cancellation);
        await objects.WriteWithStatusAsync(cluster.Vips, plan.Change, cancellation);
        return plan.Outcome;
    }

    private VipInput Gather(Vip vip)
    {
        var subnet = cluster.Subnets.Find(AddressHome.Of(vip));
        return new()
        {
            Vip = vip,
            Grant = book.Claim(VipPlan.Claim(vip, cluster.Defaults.NodeSubnet)),
            RouterMac = subnet is not null && SubnetPorts.HasRouterPort(subnet) ? RouterMacIn(subnet) : null,
            Parents = Parents(vip),
            Holder = loans.HolderOf(vip.Metadata.Name),
            Users = users.Of(vip),
        };
    }

    private MacAddress RouterMacIn(Subnet subnet) => SubnetPorts.RouterMac(SubnetPorts.VpcOf(subnet, cluster.Defaults.Vpc), subnet, rows.Current);

    private ImmutableArray<string> Parents(Vip vip)
    {
        if (string.IsNullOrEmpty(vip.Spec.Namespace))
            return [];
        return
        [
            .. cluster.Pods.Snapshot.ByIndex(Indexes.ByNamespace, vip.Spec.Namespace)
                .Where(pod => PortPlan.NeedsPort(pod) && AllowedPairs.MayCarry(pod, vip))
                .Select(pod => PortPlan.PortName(pod.Metadata)),
        ];
    }
}
