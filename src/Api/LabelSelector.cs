using System.ComponentModel.DataAnnotations;

namespace Sluice.Api;

/// <summary>Selects objects by their labels; all requirements must hold, none selects everything.</summary>
/// <seealso href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/"/>
public sealed record LabelSelector
{
    /// <summary>Labels that must have exactly these values.</summary>
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    /// <summary>Further requirements.</summary>
    public ValueList<LabelRequirement>? MatchExpressions { get; init; }

    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var (key, value) in MatchLabels ?? new Dictionary<string, string>())
        {
            if (labels is null || !labels.TryGetValue(key, out var actual) || actual != value) return false;
        }
        foreach (var requirement in MatchExpressions ?? [])
        {
            if (!requirement.Matches(labels)) return false;
        }
        return true;
    }

    public bool Equals(LabelSelector? other) =>
        other is not null && Equals(MatchExpressions, other.MatchExpressions) && SameLabels(MatchLabels, other.MatchLabels);

    public override int GetHashCode() => HashCode.Combine(MatchLabels?.Count, MatchExpressions);

    private static bool SameLabels(IReadOnlyDictionary<string, string>? a, IReadOnlyDictionary<string, string>? b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a is null || b is null || a.Count != b.Count) return false;
        foreach (var (key, value) in a)
        {
            if (!b.TryGetValue(key, out var other) || other != value) return false;
        }
        return true;
    }
}

/// <summary>One requirement of a <see cref="LabelSelector"/>.</summary>
public sealed record LabelRequirement
{
    /// <summary>The label's key.</summary>
    [Required]
    public string? Key { get; init; }

    /// <summary>How the label relates to the values.</summary>
    [Required, AllowedValues("In", "NotIn", "Exists", "DoesNotExist")]
    public string? Operator { get; init; }

    /// <summary>The values of In and NotIn; empty for the others.</summary>
    public ValueList<string>? Values { get; init; }

    /// <summary>Whether labels meet the requirement; one with an unknown operator is never met.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        string? value = null;
        var present = Key is not null && labels is not null && labels.TryGetValue(Key, out value);
        return Operator switch
        {
            "In" => present && (Values ?? []).Contains(value),
            "NotIn" => !present || !(Values ?? []).Contains(value),
            "Exists" => present,
            "DoesNotExist" => !present,
            _ => false,
        };
    }
}
