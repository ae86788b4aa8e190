namespace Sluice.Kube;

/// <summary>How much of JSON is read from the API server.</summary>
public static class JsonLimits
{
    /// <summary>
    /// The deepest nesting. The API server stores what any user sends it down to 10,000 levels, in <c>metadata.managedFields</c> for one; a
    /// reader that stops earlier loses sight of the whole kind because of one object. What nobody models is skipped without recursion.
    /// </summary>
    public const int MaxDepth = 20_000;
}
