namespace Sluice.Api;

/// <summary>Where traffic enters and leaves a VPC.</summary>
public static class GatewayTypes
{
    /// <summary>On the node that the pod is on.</summary>
    public const string Distributed = "distributed";

    /// <summary>On the gateway nodes.</summary>
    public const string Centralized = "centralized";
}
