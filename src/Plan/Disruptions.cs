using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan;

/// <summary>Edits that take something away from those who use it. They come into force only when an operator says so.</summary>
public static class Disruptions
{
    /// <summary>Whether the object's annotation lets its edits take effect whoever suffers. What cannot be read stays out all the same.</summary>
    public static bool AreAllowed(ObjectMeta metadata) => metadata.Annotation(Names.Annotations.AllowDisruption) == "true";
}
