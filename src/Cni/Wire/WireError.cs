using System.Text.Json.Serialization;

namespace Sluice.Cni.Wire;

/// <summary>The body of every answer of the agent that is not a success.</summary>
/// <param name="Error">What went wrong, for people.</param>
/// <param name="Code">The CNI error code that the runtime shall see; null means "try again later".</param>
internal sealed record WireError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("code")] int? Code);
