using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Loop;
using Sluice.Controller.Rules;
using Sluice.Controller.Writers;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan;
using Sluice.Plan.Addresses;
using Sluice.Plan.Nodes;

namespace Sluice.Controller.Reconcilers;

/// <summary>Gives each node its port in the join subnet, and gateway nodes their label and, where that is wanted, their OvnEip.</summary>
/// <param name="gatewayNodeEips">See <see cref="GatewayEipPlan"/>.</param>
public sealed class NodeReconciler(
    Cluster cluster, LiveVpcSettings settings, AddressBook book, IpRecords records, RowWriter rows, ObjectWriter objects, bool gatewayNodeEips) : IReconciler
{
    public string Kind => Keys.NodeKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        await KeepGatewayEipAsync(key.Name, cancellation);
        var ip = records.Find(Names.NodePort(key.Name));
        return cluster.Nodes.Find(key.Name) is { Metadata.IsDeleting: false } node
            ? await ServeAsync(key, node, ip, cancellation)
            : await ReleaseAsync(key, ip, cancellation);
    }

    private async Task KeepGatewayEipAsync(string name, CancellationToken cancellation)
    {
        var (create, delete) = GatewayEipPlan.For(name, cluster.Nodes.Find(name), cluster.Eips.Find(name), cluster.Defaults.ExternalSubnet, gatewayNodeEips);
        if (create is not null)
            await objects.CreateAsync(cluster.Eips, create, cancellation);
        if (delete is not null)
            await objects.DeleteAsync(cluster.Eips, delete, cancellation);
    }

    private async Task<Outcome> ServeAsync(OwnerKey key, Node node, Ip? ip, CancellationToken cancellation)
    {
        var (labels, marks) = ExternalGatewayLabels.For(node, settings.Current.Gateway);
        var (input, refusal) = Gather(key, node, ip);
        if (input is null)
        {
            await objects.PatchMetadataAsync(cluster.Nodes, node, labels, marks, cancellation);
            return new Outcome.Blocked(refusal!.Reason, refusal.Message);
        }

        if (await records.StoreAsync(ip, NodePlan.Record(input, ip), cancellation) is null)
            return Outcome.Done;
        await rows.ApplyAsync(key, NodePlan.Rows(input), cancellation);
        await objects.PatchMetadataAsync(cluster.Nodes, node, labels, [.. marks, .. NodePlan.Annotations(input)], cancellation);
        return Outcome.Done;
    }

    private async Task<Outcome> ReleaseAsync(OwnerKey key, Ip? ip, CancellationToken cancellation)
    {
        await rows.ApplyAsync(key, [], cancellation);
        if (ip is not null)
            await records.RemoveAsync(ip, cancellation);
        else
            book.Release(Keys.Ip(Names.NodePort(key.Name)));
        return Outcome.Done;
    }

    private (NodeInput? Input, AddressRefusal? Refusal) Gather(OwnerKey key, Node node, Ip? ip)
    {
        var join = cluster.Defaults.NodeSubnet;
        var claim = ip is not null && ip.Spec.Subnet == join
            ? AddressClaims.Of(ip)
            : AddressClaims.ForNewIp(Names.NodePort(node.Metadata.Name), join, node.Metadata);
        var grant = book.ClaimFor(key, claim);
        return grant.Lease is { } lease && cluster.Subnets.Find(join) is { } subnet
            ? (new() { Node = node, JoinSubnet = subnet, Lease = lease, DefaultVpc = cluster.Defaults.Vpc }, null)
            : (null, grant.Refusal);
    }
}
