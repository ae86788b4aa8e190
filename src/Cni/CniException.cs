namespace Sluice.Cni;

/// <summary>A failure that the container runtime is told about in the form of the CNI specification, section 5 "Error".</summary>
/// <param name="code">See <see cref="Wire.CniErrorCode"/>.</param>
/// <param name="message">One short sentence.</param>
/// <param name="details">More of it, or null.</param>
internal sealed class CniException(int code, string message, string? details = null) : Exception(message)
{
    public int Code { get; } = code;

    public string? Details { get; } = details;
}
