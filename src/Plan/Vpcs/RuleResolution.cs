using System.Collections.Immutable;

namespace Sluice.Plan.Vpcs;

/// <summary>What a rule means by itself, before it is compared with other rules.</summary>
/// <param name="Target">Where it leads.</param>
/// <param name="Translation">Null when <paramref name="Refusal"/> is not.</param>
/// <param name="Refusal">Why it has no translation.</param>
internal sealed record RuleResolution(RuleTarget Target, Translation? Translation, Refusal? Refusal)
{
    /// <summary>What it asks of its OvnEip; empty for a rule that is being deleted.</summary>
    public ImmutableArray<EipClaim> Claims { get; init; } = [];

    /// <summary>The sources that it translates; none for a rule that only lets connections in.</summary>
    public ImmutableArray<SourceClaim> Sources { get; init; } = [];

    /// <summary>The VPC that its spec leads to; known in most cases even if the rest is not. Null when it leads to none.</summary>
    public string? Vpc => Target.Vpc;

    public bool Equals(RuleResolution? other) =>
        other is not null && Target == other.Target && Translation == other.Translation && Refusal == other.Refusal
        && HasClaimsOf(other);

    /// <summary>Whether another claims the same.</summary>
    public bool HasClaimsOf(RuleResolution other) =>
        Claims.AsSpan().SequenceEqual(other.Claims.AsSpan()) && Sources.AsSpan().SequenceEqual(other.Sources.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Target, Translation, Refusal);
}
