namespace Sluice.Api.Schema;

/// <summary>Why an object is or is not ready, in one word.</summary>
internal static class ReasonColumn
{
    public const string JsonPath = ".status.conditions[?(@.type==\"Ready\")].reason";
}
