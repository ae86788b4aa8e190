namespace Sluice.Plan.Addressing;

/// <summary>What an owner has in a subnet: one address of each of the subnet's families, and a MAC address.</summary>
public sealed record Lease(DualStack<IpAddress> Addresses, MacAddress Mac);

/// <summary>What an owner asks a subnet for.</summary>
public sealed record LeaseRequest
{
    /// <summary>See <see cref="MacAddress.Generate"/>.</summary>
    public required string MacSeed { get; init; }

    /// <summary>The addresses it wants; of a family it does not name, the one it has or the next free one.</summary>
    public DualStack<IpAddress> Addresses { get; init; }

    /// <summary>Whether it gets addresses of the families that it names and of no other.</summary>
    public bool NoMore { get; init; }

    /// <summary>The MAC address it wants; by default the one it has or a generated one.</summary>
    public MacAddress? Mac { get; init; }
}
