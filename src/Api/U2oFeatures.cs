namespace Sluice.Api;

/// <summary>Details of the connection between an underlay subnet and the overlay of its VPC.</summary>
public sealed record U2oFeatures
{
    /// <summary>Whether only traffic to the overlay goes through the router. Default: false.</summary>
    public bool? OverlayOnlyRouting { get; init; }
}
