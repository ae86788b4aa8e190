using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Loop;
using Sluice.Controller.Rules;
using Sluice.Controller.Writers;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Subnets;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Reconcilers;

/// <summary>Makes a switch of each subnet.</summary>
public sealed class SubnetReconciler(
    Cluster cluster, SubnetSettings settings, LiveVpcSettings vpcs, AddressAccess addresses, RowWriter rows, ObjectWriter objects) : IReconciler
{
    /// <summary>Nobody tells when a row of somebody else gets out of our way.</summary>
    private static readonly TimeSpan ConflictInterval = TimeSpan.FromSeconds(5);

    /// <summary>Until the watch has brought what somebody else wrote.</summary>
    private static readonly TimeSpan WatchLag = TimeSpan.FromMilliseconds(100);

    public string Kind => Keys.SubnetKind;

    public async Task<Outcome> ReconcileAsync(OwnerKey key, CancellationToken cancellation)
    {
        var subnet = cluster.Subnets.Find(key.Name);
        var usage = addresses.Reports.Take(key.Name);
        if (subnet is not null && !subnet.Metadata.IsDeleting)
            subnet = await DefineAsync(subnet, usage, cancellation);
        if (subnet is null)
        {
            // Gone, or changed meanwhile: then the change brings the key again.
            if (cluster.Subnets.Find(key.Name) is null)
            {
                addresses.Reports.Forget(key.Name);
                await rows.ApplyAsync(key, [], cancellation);
            }
            return Outcome.Done;
        }

        var plan = SubnetPlan.For(Gather(subnet, usage));
        var isBlocked = false;
        if (plan.Rows is { } wanted)
        {
            if (cluster.Vlans.Find(subnet.Spec.Vlan) is { } vlan && !await VlanReconciler.HoldAsync(cluster, objects, vlan, cancellation))
                return new Outcome.After(WatchLag);
            var changes = await rows.ApplyAsync(key, wanted, cancellation);
            plan = SubnetPlan.For(Gather(subnet, usage), Obstacle(changes));
            isBlocked = !changes.Conflicts.IsEmpty;
        }
        if (await objects.WriteStatusAsync(cluster.Subnets, plan.Status, cancellation) is { Metadata.IsDeleting: true } released)
            await objects.WriteAsync(cluster.Subnets, SubnetPlan.For(Gather(released, usage)).Definition, cancellation);

        if (isBlocked)
            return new Outcome.After(ConflictInterval);
        // A subnet that is blocked counts its addresses all the same.
        return addresses.Reports.Due(key.Name, usage) is { } delay ? new Outcome.After(delay) : plan.Outcome;
    }

    /// <summary>Stores defaults and finalizer, and which spec is in force.</summary>
    /// <returns>The subnet as it is now; null when somebody else changed or removed it.</returns>
    private async Task<Subnet?> DefineAsync(Subnet subnet, SubnetUsage? usage, CancellationToken cancellation)
    {
        var (name, book) = (subnet.Metadata.Name, addresses.Book);
        var plan = SubnetPlan.For(Gather(subnet, usage));
        if (plan.Acceptance is null)
            book.Reopen(name);
        else if (SubnetEdit.AddressesOf(subnet) is { } written && !book.TryClose(name, written, Disruptions.AreAllowed(subnet.Metadata)))
            return null; // Somebody has got an address since the plan looked, which brings the key again.

        var defined = await objects.WriteAsync(cluster.Subnets, plan.Definition, cancellation);
        return defined is null || plan.Acceptance is not { } acceptance
            ? defined
            : await objects.WriteStatusAsync(cluster.Subnets, new(defined, defined with { Status = acceptance.Desired.Status }), cancellation);
    }

    private SubnetInput Gather(Subnet subnet, SubnetUsage? usage)
    {
        var isEdited = !subnet.Metadata.IsDeleting && subnet.Status?.Accepted is not null && subnet.WrittenSpec != subnet.Spec;
        var input = GatherOne(subnet, usage, isUsersNeeded: isEdited || subnet.Metadata.IsDeleting);
        return !isEdited ? input : input with
        {
            Written = GatherOne((Subnet)subnet.AsWritten(), usage, isUsersNeeded: false),
            Losers = SubnetEdit.AddressesOf(subnet) is { } written ? addresses.Book.LosersUnder(subnet.Metadata.Name, written) : [],
        };
    }

    private SubnetInput GatherOne(Subnet subnet, SubnetUsage? usage, bool isUsersNeeded)
    {
        var name = subnet.Metadata.Name;
        var vpc = cluster.Defaults.VpcOf(subnet);
        var vlan = cluster.Vlans.Find(subnet.Spec.Vlan);
        return new()
        {
            Subnet = subnet,
            Settings = settings,
            Vpc = cluster.Vpcs.Find(vpc),
            VpcHasItsName = cluster.Vpcs.Find(name) is not null,
            Vlan = vlan,
            VlanRival = vlan is null ? null : VlanPlan.Rival(vlan, VlanReconciler.Siblings(cluster, vlan)),
            Siblings = vpc is null ? [] : [.. cluster.Subnets.Snapshot.ByIndex(Indexes.ByVpc, vpc).Where(other => other.Metadata.Name != name)],
            Nodes = vpc == settings.DefaultVpc ? Nodes() : [],
            NodeCidrs = subnet.Spec.Private == true ? NodeCidrs() : default,
            Usage = usage,
            ExternalSubnets = [.. ExternalSubnets.ConnectedTo(cluster.Vpcs.Find(vpc), vpcs.Current).Where(other => other != name).Select(cluster.Subnets.Find).OfType<Subnet>()],
            Users = isUsersNeeded ? addresses.Users.Of(subnet) : [],
            DhcpRows = subnet.Spec.EnableDhcp == true ? DhcpRows(name) : default,
        };
    }

    private ImmutableArray<SubnetNode> Nodes() =>
    [
        .. from node in cluster.Nodes.Snapshot.All
           let ip = cluster.Ips.Find(Names.NodePort(node.Metadata.Name))
           let both = DualStack<IpAddress>.TryParse(ip?.Spec.IpAddress, out var found) ? found : default
           select new SubnetNode(node, both),
    ];

    private DualStack<Cidr> NodeCidrs() =>
        DualStack<Cidr>.TryParse(cluster.Subnets.Find(settings.NodeSwitch)?.Spec.CidrBlock, out var cidrs) ? cidrs : default;

    private DhcpRowIds DhcpRows(string subnet)
    {
        var owned = rows.Current.Owned<DhcpOptions>(SubnetPlan.OwnerOf(subnet)).ToList();
        return new(Find(SubnetProtocols.IPv4), Find(SubnetProtocols.IPv6));

        Guid? Find(string protocol) => owned
            .Where(stored => stored.Row.ExternalIds["protocol"] == protocol)
            .Select(stored => (Guid?)stored.Uuid)
            .FirstOrDefault();
    }

    private static SubnetRefusal? Obstacle(Changes changes) => changes.Conflicts is [var conflict, ..]
        ? new(SubnetReasons.Conflict, $"{conflict.Table} \"{conflict.Key}\" belongs to {conflict.Owner?.ToString() ?? "another system"}")
        : null;
}
