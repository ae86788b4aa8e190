using System.Collections.Immutable;

namespace Sluice.Ko.Explaining;

/// <summary>Why an object works or does not.</summary>
/// <param name="Kind">Kind of the object that was asked about.</param>
/// <param name="Path">From the outside to the pod, then what was written of it and what became of that.</param>
public sealed record Explanation(string Kind, string Name, ImmutableArray<Step> Path)
{
    /// <summary>The broken step that the others rest on; null when none is broken.</summary>
    public Step? Cause => Path.Where(step => step.State == StepState.Broken).MinBy(step => step.Layer);

    public bool Works => Cause is null;
}
