namespace Sluice.Controller.Options;

/// <summary>How requests to the API server are reviewed, see docs/admission.md.</summary>
public sealed record WebhookOptions
{
    /// <summary>Whether the controller serves the webhook. It needs what deploy/webhook holds.</summary>
    public bool IsEnabled { get; init; }

    public int Port { get; init; } = 8443;

    /// <summary>Where the API server reaches the controller; null when it does through the Service of the webhook configuration.</summary>
    public Uri? Url { get; init; }

    /// <summary>Whether requests are refused while no controller answers.</summary>
    public bool FailClosed { get; init; }
}
