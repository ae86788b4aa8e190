using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Subnets;

/// <summary>All that the plan of one subnet depends on. The order of lists means nothing.</summary>
public sealed record SubnetInput
{
    public required Subnet Subnet { get; init; }

    /// <summary>The same for <see cref="CustomResource{TSpec}.AsWritten"/>, while the written spec is not the one in force; else null.</summary>
    public SubnetInput? Written { get; init; }

    /// <summary>Who would lose an address if the written spec came into force.</summary>
    public ImmutableArray<AddressUser> Losers { get; init; } = [];

    public SubnetSettings Settings { get; init; } = new();

    /// <summary>The VPC that it names, or the default one; null when there is none of that name.</summary>
    public Vpc? Vpc { get; init; }

    /// <summary>Whether some VPC has the name of the subnet.</summary>
    public bool VpcHasItsName { get; init; }

    /// <summary>The Vlan that it names; null when there is none of that name.</summary>
    public Vlan? Vlan { get; init; }

    /// <summary>The Vlan that has its tag before it; null when there is none.</summary>
    public Vlan? VlanRival { get; init; }

    /// <summary>The other subnets of its VPC.</summary>
    public ImmutableArray<Subnet> Siblings { get; init; } = [];

    /// <summary>All nodes with their ports in the join subnet; only for subnets of the default VPC.</summary>
    public ImmutableArray<SubnetNode> Nodes { get; init; } = [];

    /// <summary>CIDRs of the join subnet, from which nodes reach the pods of private subnets.</summary>
    public DualStack<Cidr> NodeCidrs { get; init; }

    /// <summary>What its addresses are used for; null when it gives out none.</summary>
    public SubnetUsage? Usage { get; init; }

    /// <summary>The external subnets of its VPC; without those whose VPC is the same.</summary>
    public ImmutableArray<Subnet> ExternalSubnets { get; init; } = [];

    /// <summary>What has addresses of it, or a port in it; only for a subnet that is being deleted or edited.</summary>
    public ImmutableArray<AddressUser> Users { get; init; } = [];

    /// <summary>UUIDs of its DHCP_Options rows, as far as they exist.</summary>
    public DhcpRowIds DhcpRows { get; init; }
}

/// <summary>A node as subnets see it.</summary>
/// <param name="JoinAddresses">The addresses of its port in the join subnet.</param>
public sealed record SubnetNode(Node Node, DualStack<IpAddress> JoinAddresses)
{
    public string Name => Node.Metadata.Name;

    /// <summary>A node that nobody reports on is taken to be ready.</summary>
    public bool IsReady => Node.IsReady || Node.Status.Conditions?.Any(condition => condition.Type == "Ready") != true;
}

/// <summary>The UUIDs of the rows that answer DHCP requests; null where there is none.</summary>
public readonly record struct DhcpRowIds(Guid? V4, Guid? V6);
