namespace Sluice.Plan.Ports;

/// <summary>Reasons of the Events of pods. Tools of Kube-OVN's world know these words.</summary>
public static class PortReasons
{
    /// <summary>The pod's annotations, or the objects they name, cannot work.</summary>
    public const string Invalid = "ValidatePodNetworkFailed";

    /// <summary>The pod gets no address.</summary>
    public const string NoAddress = "AcquireAddressFailed";

    /// <summary>The operator did not permit what the pod's annotations ask for; see docs/security.md.</summary>
    public const string NotPermitted = nameof(NotPermitted);

    /// <summary>The pod asks for what this system does not have.</summary>
    public const string NotSupported = nameof(NotSupported);

    /// <summary>A row of somebody else is in the place of the pod's port.</summary>
    public const string PortTaken = "CreateOVNPortFailed";
}
