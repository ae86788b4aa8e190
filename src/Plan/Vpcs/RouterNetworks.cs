using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>The networks that the ports of a router are in, by which ovn-northd finds the port that a next hop is behind.</summary>
internal sealed class RouterNetworks
{
    private static readonly Cidr LinkLocal = Cidr.Parse("fe80::/64");

    private readonly HashSet<Cidr> _networks;
    private readonly (IpFamily Family, int Length)[] _lengths;

    private RouterNetworks(HashSet<Cidr> networks)
    {
        _networks = networks;
        _lengths = [.. networks.Select(network => (network.Family, network.PrefixLength)).Distinct()];
    }

    /// <param name="attached">The subnets that get a port of the router.</param>
    public static RouterNetworks Of(ImmutableArray<Subnet> attached, ImmutableArray<ExternalConnection> connections)
    {
        var networks = attached.SelectMany(RouterPlan.Cidrs).Concat(connections.SelectMany(connection => connection.Cidrs)).ToHashSet();
        // Each port has a link-local address, too.
        if (networks.Count > 0) networks.Add(LinkLocal);
        return new(networks);
    }

    /// <summary>Tells of a next hop that is behind no port. OVN passes the row over until one is there.</summary>
    /// <param name="field">The field of the spec that the next hop is from.</param>
    public void Check(string field, string nextHop, ICollection<Refusal> unreachable)
    {
        if (!IpAddress.TryParse(nextHop, out var address)) return;

        foreach (var (family, length) in _lengths)
        {
            if (family == address.Family && _networks.Contains(new(address, length))) return;
        }
        unreachable.Add(new(Reasons.NextHopUnreachable, $"{field}: {address} is in none of the networks of the router"));
    }
}
