using Sluice.Ovn;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Addresses;

/// <summary>What one object has of a subnet's addresses, as its stored state says, and what it asks for.</summary>
public sealed record AddressClaim
{
    /// <summary>The object: <c>OvnEip/NAME</c>, <c>Vip/NAME</c> or <c>IP/NAME</c>.</summary>
    public required OwnerKey Owner { get; init; }

    public required string Subnet { get; init; }

    /// <summary>The field that names the subnet, for messages.</summary>
    public required string SubnetField { get; init; }

    /// <summary>The field that asks for an address by value, for messages.</summary>
    public required string AddressField { get; init; }

    /// <summary>What the object was given, now or by an earlier process; nobody else may have it.</summary>
    public DualStack<IpAddress> Held { get; init; }

    public MacAddress? HeldMac { get; init; }

    /// <summary>
    /// What its labels say that it was given, before its status does. Rules may use it already, so it is kept when nobody else has it.
    /// </summary>
    public DualStack<IpAddress> Promised { get; init; }

    /// <summary>What the spec asks for by value.</summary>
    public DualStack<IpAddress> Wanted { get; init; }

    public MacAddress? WantedMac { get; init; }

    /// <summary>Of two that want the same the older one wins, then the one that comes first by name.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>See <see cref="MacAddress.Generate"/>.</summary>
    public string MacSeed { get; init; } = "";

    /// <summary>
    /// Whether it keeps to the families that it was given: a pod's interfaces are made once, so that an address of a family that its subnet
    /// gets later would be nobody's.
    /// </summary>
    public bool KeepsFamilies { get; init; }

    /// <summary>Why the spec can not be read; null when it can.</summary>
    public Refusal? Problem { get; init; }

    /// <summary>Whether the object has stored addresses.</summary>
    public bool IsStored => !Held.IsEmpty;

    /// <summary>What it asks the pool of its subnet for: what the spec says, else what it has.</summary>
    public LeaseRequest Request => new()
    {
        MacSeed = MacSeed,
        Addresses = new(Wanted.V4 ?? Held.V4, Wanted.V6 ?? Held.V6),
        Mac = WantedMac ?? HeldMac,
        NoMore = IsStored && KeepsFamilies,
    };

    /// <summary>What it asks for when the spec can not be met: to keep what it has.</summary>
    public LeaseRequest KeepRequest => new() { MacSeed = MacSeed, Addresses = Held, Mac = HeldMac, NoMore = KeepsFamilies };

    /// <summary>What it asks for when all that is known of what it was given are its labels.</summary>
    public LeaseRequest PromisedRequest => Request with { Addresses = new(Wanted.V4 ?? Promised.V4, Wanted.V6 ?? Promised.V6) };

    /// <summary>Why the claim can never be met, whatever other claims there are; null when it may be.</summary>
    /// <param name="addresses">Of <see cref="Subnet"/>; null when there is none that gives out addresses.</param>
    public AddressRefusal? Check(SubnetAddresses? addresses)
    {
        var refusal = Problem;
        if (refusal is null && addresses is not null)
            refusal = Wanted.ToArray().Select(addresses.Check).FirstOrDefault(found => found is not null);
        return refusal is null ? null : AddressRefusal.From(refusal, this);
    }

    /// <summary>The order in which claims are met.</summary>
    public static Comparison<AddressClaim> Oldest { get; } = static (a, b) =>
    {
        var order = a.Created.CompareTo(b.Created);
        if (order == 0) order = string.CompareOrdinal(a.Owner.Name, b.Owner.Name);
        return order != 0 ? order : string.CompareOrdinal(a.Owner.Kind, b.Owner.Kind);
    };
}
