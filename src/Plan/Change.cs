namespace Sluice.Plan;

/// <summary>
/// An API object as a plan saw it and as the plan wants it. The two differ at most in labels, annotations, finalizers and status, never in
/// the spec, which belongs to the user. Metadata and status are stored separately, each only when it differs.
/// </summary>
public readonly record struct Change<T>(T Observed, T Desired)
    where T : class;
