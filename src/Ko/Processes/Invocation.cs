namespace Sluice.Ko.Processes;

/// <summary>A program to run. Arguments reach it as they are: no shell is between.</summary>
public sealed record Invocation(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary>Variables added to those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public override string ToString() => string.Join(' ', [Program, .. Arguments]);
}
