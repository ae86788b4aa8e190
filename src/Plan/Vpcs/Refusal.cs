namespace Sluice.Plan.Vpcs;

/// <summary>Why something that a user asked for is not done, in the words of a condition.</summary>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">For people; names the field and the other object.</param>
public sealed record Refusal(string Reason, string Message)
{
    /// <summary>The same because of what a field says.</summary>
    internal Refusal In(string field) => this with { Message = $"{field}: {Message}" };
}
