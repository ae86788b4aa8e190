namespace Sluice.Plan.Addressing;

/// <summary>Why an address was not given.</summary>
public enum RefusalReason
{
    /// <summary>The text is no address, or one of another family.</summary>
    Invalid,

    /// <summary>The address is not one that a host of the subnet may have.</summary>
    OutOfRange,

    /// <summary>The address is the subnet's gateway.</summary>
    IsGateway,

    /// <summary>Another owner has it.</summary>
    Taken,

    /// <summary>No address is left.</summary>
    Exhausted,
}

/// <summary>A request that was not met, and why.</summary>
/// <param name="Message">For people; names the address and what stands against it.</param>
/// <param name="TakenBy">The owner, when the reason is <see cref="RefusalReason.Taken"/>.</param>
public sealed record Refusal(RefusalReason Reason, string Message, string? TakenBy = null);
