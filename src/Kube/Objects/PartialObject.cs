namespace Sluice.Kube;

/// <summary>An object of whatever kind of which only the version matters, as in a bookmark.</summary>
internal sealed record PartialObject : KubeObject;
