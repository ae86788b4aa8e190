namespace Sluice.Plan.Adoption;

/// <summary>Which objects exist, asked by name. Only complete knowledge may answer: what does not exist loses its rows.</summary>
public sealed record LiveObjects
{
    public required Func<string, bool> Vpc { get; init; }

    public required Func<string, bool> Subnet { get; init; }

    public required Func<string, bool> Node { get; init; }

    public required Func<string, bool> DnatRule { get; init; }

    /// <summary>By the name of the port, which is that of the IP object: of a pod, or kept for one that comes back.</summary>
    public required Func<string, bool> Ip { get; init; }

    /// <summary>By <c>namespace/name</c>.</summary>
    public required Func<string, bool> Pod { get; init; }

    /// <summary>Whether a row that is nobody's would be ours if plans were carried out, when they are not.</summary>
    public Func<Guid, bool> WouldAdopt { get; init; } = static _ => false;
}
