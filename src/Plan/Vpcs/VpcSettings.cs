using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// What the controller's flags, the ConfigMap of the external gateway and the database server's schema say about VPCs; the same for all of
/// them.
/// </summary>
public sealed record VpcSettings
{
    /// <summary>Name of the default VPC (<c>--cluster-router</c>).</summary>
    public string DefaultVpc { get; init; } = "ovn-cluster";

    /// <summary>Name of the subnet that joins the nodes to the default VPC (<c>--node-switch</c>).</summary>
    public string NodeSwitch { get; init; } = "join";

    /// <summary>Name of the subnet that EIPs and VPCs use when they name none (<c>--external-gateway-switch</c>).</summary>
    public string DefaultExternalSubnet { get; init; } = "external";

    /// <summary>Whether VPCs may connect to the default external subnet (<c>--enable-eip-snat</c>).</summary>
    public bool EnableEipSnat { get; init; } = true;

    /// <summary>What the ConfigMap of the external gateway asks for; null when it asks for nothing.</summary>
    public ExternalGateway? Gateway { get; init; }

    /// <summary>The provider network of a default external network without a Subnet (<c>--external-gateway-net</c>).</summary>
    public string ExternalProvider { get; init; } = "external";

    /// <summary>The VLAN of a default external network without a Subnet (<c>--external-gateway-vlanid</c>); 0 is untagged.</summary>
    public int ExternalVlan { get; init; }

    /// <summary>Where FIPs are translated whose spec does not say: distributed or centralized.</summary>
    public string FipType => Gateway is { IsDistributed: false } ? GatewayTypes.Centralized : GatewayTypes.Distributed;

    /// <summary>The timers of BFD sessions of routers (<c>--bfd-min-tx</c>, <c>--bfd-min-rx</c>, <c>--detect-mult</c>).</summary>
    public BfdTimers Bfd { get; init; } = new();

    public OvnCapabilities Capabilities { get; init; } = new();
}

/// <summary>How fast a BFD session notices that its peer is gone: within about <c>MinRx * DetectMultiplier</c> milliseconds.</summary>
/// <param name="MinTx">Shortest time between packets that are sent, in milliseconds (RFC 5880 section 4.1).</param>
/// <param name="MinRx">Shortest time between packets that can be received, in milliseconds.</param>
/// <param name="DetectMultiplier">How many packets may be missed.</param>
public sealed record BfdTimers(int MinTx = 100, int MinRx = 100, int DetectMultiplier = 3);

/// <summary>What the OVN in use can do beyond what every supported version can.</summary>
public sealed record OvnCapabilities
{
    /// <summary>Table NAT has the column <c>gateway_port</c> (OVN 22.06).</summary>
    public bool NatGatewayPort { get; init; } = true;

    /// <summary>
    /// A router's load balancers work although it has several distributed gateway ports. Stock ovn-northd binds them all to one port.
    /// </summary>
    public bool LoadBalancersOnSeveralGatewayPorts { get; init; }
}
