using Sluice.Plan.Addressing;

namespace Sluice.Plan.Addresses;

/// <summary>The answer to an <see cref="AddressClaim"/>. Both parts may be there: what the object keeps, and why it does not get more.</summary>
/// <param name="Lease">What the object has; null when it has nothing.</param>
/// <param name="Refusal">Why it does not have what it asks for; null when it does.</param>
public sealed record AddressGrant(Lease? Lease, AddressRefusal? Refusal)
{
    /// <summary>Whether there is nothing to get from the subnet at all, so that what was given from it before is still nobody else's.</summary>
    public bool IsSuspended => Lease is null && Refusal?.Reason is AddressReasons.SubnetNotFound or AddressReasons.SubnetNotUsable;

    /// <summary>The address of a family as statuses spell it; null when there is none.</summary>
    public string? Text(IpFamily family) => Lease?.Addresses[family]?.ToString();

    public string? Mac => Lease?.Mac.ToString();
}

/// <summary>Why a claim was not met.</summary>
/// <param name="Reason">One of <see cref="AddressReasons"/>.</param>
/// <param name="Message">For people; names the field and what stands against it.</param>
public sealed record AddressRefusal(string Reason, string Message)
{
    public static AddressRefusal From(Refusal refusal, AddressClaim claim) => refusal.Reason switch
    {
        RefusalReason.Taken => new(AddressReasons.Conflict, $"{claim.AddressField}: {refusal.Message}"),
        RefusalReason.OutOfRange or RefusalReason.IsGateway => new(AddressReasons.AddressOutOfRange, $"{claim.AddressField}: {refusal.Message} in Subnet \"{claim.Subnet}\""),
        RefusalReason.Exhausted => new(AddressReasons.NoAvailableAddress, $"{claim.SubnetField}: {refusal.Message}"),
        _ when claim.Problem is { } problem => new(AddressReasons.InvalidSpec, problem.Message),
        _ => new(AddressReasons.InvalidSpec, $"{claim.AddressField}: {refusal.Message}"),
    };
}

/// <summary>Reasons of the conditions of objects with addresses.</summary>
public static class AddressReasons
{
    /// <summary>It has its addresses.</summary>
    public const string Allocated = nameof(Allocated);

    /// <summary>Another object has the address.</summary>
    public const string Conflict = nameof(Conflict);

    /// <summary>The subnet has no address left.</summary>
    public const string NoAvailableAddress = nameof(NoAvailableAddress);

    /// <summary>No host of the subnet may have the address.</summary>
    public const string AddressOutOfRange = nameof(AddressOutOfRange);

    /// <summary>A field of the spec has a value that can not work, whatever else exists.</summary>
    public const string InvalidSpec = nameof(InvalidSpec);

    /// <summary>The Subnet does not exist.</summary>
    public const string SubnetNotFound = nameof(SubnetNotFound);

    /// <summary>The Subnet exists but gives out no addresses.</summary>
    public const string SubnetNotUsable = nameof(SubnetNotUsable);

    /// <summary>There is no node of the object's name.</summary>
    public const string NodeNotFound = nameof(NodeNotFound);

    /// <summary>The node's agent has not plugged the port yet.</summary>
    public const string WaitingForNode = nameof(WaitingForNode);

    /// <summary>The object is being deleted, but others still use it.</summary>
    public const string InUse = nameof(InUse);

    /// <summary>The object is gone by now, and nobody is left to read this.</summary>
    public const string Gone = nameof(Gone);
}
