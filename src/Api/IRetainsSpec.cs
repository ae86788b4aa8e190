using Sluice.Kube;

namespace Sluice.Api;

/// <summary>An object whose last valid spec stays in force, for code that handles any kind; see docs/design/0012.</summary>
public interface IRetainsSpec
{
    /// <summary>Whether a spec was ever accepted.</summary>
    bool HasAccepted { get; }

    /// <summary>Whether the written spec is another one than the one that was accepted.</summary>
    bool IsEdited { get; }

    /// <summary>The object with the written spec in force.</summary>
    KubeObject Written();

    /// <summary>The object after the written spec was accepted.</summary>
    /// <exception cref="InvalidOperationException">It has no status yet.</exception>
    KubeObject Accepting();
}
