namespace Sluice.Kube;

/// <summary>An object that does not fit its model, such as one that was stored before its definition was made stricter.</summary>
/// <param name="ResourceVersion">Its <c>metadata.resourceVersion</c>.</param>
/// <param name="Cause">What is wrong with it, and where.</param>
public sealed record UnreadableObject(ObjectKey Key, string ResourceVersion, string Cause);
