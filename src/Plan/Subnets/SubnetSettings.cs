using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Subnets;

/// <summary>What the controller's flags say about subnets; the same for all of them.</summary>
public sealed record SubnetSettings
{
    /// <summary>Name of the default VPC (<c>--cluster-router</c>).</summary>
    public string DefaultVpc { get; init; } = "ovn-cluster";

    /// <summary>Name of the subnet of pods that nothing else assigns to one (<c>--default-ls</c>).</summary>
    public string DefaultSubnet { get; init; } = "ovn-default";

    /// <summary>Name of the subnet that joins the nodes to the default VPC (<c>--node-switch</c>).</summary>
    public string NodeSwitch { get; init; } = "join";

    /// <summary>Provider network of a Vlan that names none (<c>--default-provider-name</c>).</summary>
    public string DefaultProvider { get; init; } = "provider";

    /// <summary>Whether switches have load balancers of services unless their subnet says otherwise (<c>--enable-lb</c>).</summary>
    public bool EnableLb { get; init; } = true;

    /// <summary>Where the cluster IPs of Services are from (<c>--service-cluster-ip-range</c>).</summary>
    public ValueList<Cidr> ServiceCidrs { get; init; } = [Cidr.Parse("10.96.0.0/12")];

    /// <summary>The addresses that the DNS cache of each node has, beside link-local ones (<c>--node-local-dns-ip</c>).</summary>
    public ValueList<IpAddress> NodeLocalDns { get; init; } = [];

    /// <summary>Bytes that a tunnel takes from each packet (<c>--network-type</c>).</summary>
    public int TunnelOverhead { get; init; } = 100;
}
