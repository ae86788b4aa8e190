using Sluice.Cni.Wire;

namespace Sluice.Agent.Attachments;

/// <summary>A request of the CNI plugin can not be served; the container runtime is told why.</summary>
/// <param name="code">See <see cref="CniErrorCode"/>.</param>
internal sealed class CniFailureException(int code, string message, Exception? inner = null) : Exception(message, inner)
{
    public int Code { get; } = code;

    /// <summary>Something is not there yet, or does not answer.</summary>
    public static CniFailureException TryAgainLater(string message, Exception? inner = null) => new(CniErrorCode.TryAgainLater, message, inner);

    public static CniFailureException CheckFailed(string message) => new(CniErrorCode.CheckFailed, message);
}
