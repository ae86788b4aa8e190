using Sluice.Api;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Addressing;

/// <summary>What is wrong with a spec.</summary>
/// <param name="Field">The field at fault, e.g. <c>spec.gateway</c>.</param>
/// <param name="Message">For people; names the value and what stands against it.</param>
public sealed record SubnetProblem(string Field, string Message);

/// <summary>The addresses of a subnet as its spec gives them, defaults filled in and everything in canonical form.</summary>
public sealed record SubnetAddresses
{
    /// <summary>None for an underlay subnet that gives out no addresses.</summary>
    public DualStack<Cidr> Cidrs { get; private init; }

    /// <summary>One for every CIDR: what the spec says, else the first usable address.</summary>
    public DualStack<IpAddress> Gateways { get; private init; }

    /// <summary><c>excludeIps</c> and the gateways, sorted and merged.</summary>
    public ValueList<IpRange> Excluded { get; private init; } = [];

    /// <summary>The value of <c>protocol</c> that fits the CIDRs.</summary>
    public string Protocol => (Cidrs.V4, Cidrs.V6) switch
    {
        (not null, not null) => SubnetProtocols.Dual,
        (not null, null) => SubnetProtocols.IPv4,
        (null, not null) => SubnetProtocols.IPv6,
        _ => SubnetProtocols.Mac,
    };

    /// <summary>Reads <c>cidrBlock</c>, <c>gateway</c> and <c>excludeIps</c>.</summary>
    /// <returns>False when the spec cannot be used; <paramref name="problem"/> says why.</returns>
    public static bool TryRead(SubnetSpec spec, out SubnetAddresses addresses, out SubnetProblem? problem)
    {
        addresses = new();
        problem = ReadCidrs(spec, out var cidrs);
        if (problem is not null) return false;
        problem = ReadGateways(spec, cidrs, out var gateways);
        if (problem is not null) return false;
        problem = ReadExcluded(spec, out var excluded);
        if (problem is not null) return false;
        foreach (var gateway in gateways.ToArray()) excluded.Add(gateway);
        addresses = new() { Cidrs = cidrs, Gateways = gateways, Excluded = excluded.ToValueList() };
        return true;
    }

    /// <summary>Whether some address is in both subnets.</summary>
    public bool Overlaps(SubnetAddresses other) =>
        Cidrs.ToArray().Any(cidr => other.Cidrs[cidr.Family] is { } theirs && theirs.Overlaps(cidr));

    /// <summary>Whether the subnet holds the address.</summary>
    public bool Contains(IpAddress address) => Cidrs[address.Family] is { } cidr && cidr.Contains(address);

    /// <summary>What stands against a host of the subnet having the address, whoever else wants it; null if nothing.</summary>
    public Refusal? Check(IpAddress address) => Cidrs[address.Family] is { } cidr
        ? AddressPool.CheckHost(cidr, Gateways[address.Family], address)
        : OtherFamily(address);

    internal static Refusal OtherFamily(IpAddress address) =>
        new(RefusalReason.Invalid, $"{address} is of a family that the subnet does not have");

    private static SubnetProblem? ReadCidrs(SubnetSpec spec, out DualStack<Cidr> cidrs)
    {
        const string Field = "spec.cidrBlock";
        if (!DualStack<Cidr>.TryParse(spec.CidrBlock, out cidrs))
            return new(Field, $"'{spec.CidrBlock}' is no CIDR, nor an IPv4 and an IPv6 CIDR joined by a comma");
        if (cidrs.IsEmpty && string.IsNullOrEmpty(spec.Vlan)) return new(Field, "a CIDR is needed unless spec.vlan is set");
        foreach (var cidr in cidrs.ToArray())
        {
            var hostBits = cidr.Family.Bits() - cidr.PrefixLength;
            if (hostBits == 0) return new(Field, $"{cidr} has no room for a gateway and a host");
            // OVN drops what the other end of such a link sends: to a router port, its address is the broadcast or the anycast address.
            if (hostBits == 1 && SubnetPorts.HasRouterPort(spec))
                return new(Field, $"{cidr} has no host beside a router of OVN; /{cidr.PrefixLength - 1} is the smallest that has one");
            if (ReservedRanges.Find(cidr) is { } reserved)
                return new(Field, $"{cidr} overlaps {reserved.Cidr}, which is reserved ({reserved.Meaning})");
        }
        return null;
    }

    private static SubnetProblem? ReadGateways(SubnetSpec spec, DualStack<Cidr> cidrs, out DualStack<IpAddress> gateways)
    {
        const string Field = "spec.gateway";
        if (!DualStack<IpAddress>.TryParse(spec.Gateway, out gateways))
            return new(Field, $"'{spec.Gateway}' is no address, nor an IPv4 and an IPv6 address joined by a comma");
        foreach (var gateway in gateways.ToArray())
        {
            if (cidrs[gateway.Family] is not { } cidr) return new(Field, $"{gateway} is not in spec.cidrBlock");
            if (!cidr.Usable.Contains(gateway)) return new(Field, $"{gateway} is not a host address of {cidr}");
        }
        foreach (var cidr in cidrs.ToArray())
        {
            if (gateways[cidr.Family] is null) gateways = gateways.With(cidr.Usable.First);
        }
        return null;
    }

    private static SubnetProblem? ReadExcluded(SubnetSpec spec, out RangeSet excluded)
    {
        excluded = new();
        foreach (var entry in spec.ExcludeIps ?? [])
        {
            if (!IpRange.TryParse(entry, out var range)) return new("spec.excludeIps", $"'{entry}' is neither an address nor FIRST..LAST");
            if (ReservedRanges.IsMapped(range)) return new("spec.excludeIps", $"'{entry}' is an IPv4-mapped address; write it as IPv4");
            excluded.Add(range);
        }
        return null;
    }
}
