using System.Globalization;
using System.Net;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Options;

/// <summary>How an agent is started. Names and defaults are those of kube-ovn-cni; see <see cref="AgentFlags"/>.</summary>
internal sealed record AgentOptions
{
    /// <summary>The node this agent serves (<c>NODE_NAME</c>, <c>--node-name</c>).</summary>
    public string NodeName { get; init; } = "";

    /// <summary>Path of a kubeconfig; empty for the service account of the pod.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>The local OVS database, as <c>unix:PATH</c>, <c>tcp:HOST:PORT</c> or a bare path.</summary>
    public string OvsSocket { get; init; } = "/var/run/openvswitch/db.sock";

    /// <summary>Path of the socket that the CNI plugin connects to.</summary>
    public string BindSocket { get; init; } = "/run/openvswitch/kube-ovn-daemon.sock";

    /// <summary>MTU of pods; zero means the tunnel interface's, less what the tunnel adds.</summary>
    public int Mtu { get; init; }

    /// <summary>The tunnel interface; empty means the one that holds <c>ovn-encap-ip</c>.</summary>
    public string TunnelInterface { get; init; } = "";

    /// <summary>geneve, vxlan, stt or vlan: what the tunnel adds to a packet.</summary>
    public string NetworkType { get; init; } = "geneve";

    /// <summary>The default VPC.</summary>
    public string ClusterRouter { get; init; } = "ovn-cluster";

    /// <summary>The subnet of the node ports.</summary>
    public string NodeSwitch { get; init; } = "join";

    /// <summary>The provider network of Vlans that name none (<c>--default-provider-name</c>).</summary>
    public string DefaultProviderName { get; init; } = "provider";

    /// <summary>Where the cluster IPs of Services are from, which are no way out of the cluster (<c>--service-cluster-ip-range</c>).</summary>
    public ValueList<Cidr> ServiceCidrs { get; init; } = [Cidr.Parse("10.96.0.0/12")];

    /// <summary>Whether a pod in an underlay subnet asks for its address before it uses it.</summary>
    public bool DetectAddressConflicts { get; init; } = true;

    /// <summary>Whether provider bridges fall back to learning MAC addresses.</summary>
    public bool MacLearningFallback { get; init; }

    /// <summary>The external subnet of OvnEips that name none (<c>--external-gateway-switch</c>).</summary>
    public string ExternalGatewaySwitch { get; init; } = "external";

    /// <summary>Where the ConfigMap of the external gateway is (<c>--external-gateway-config-ns</c>).</summary>
    public string ExternalGatewayConfigNamespace { get; init; } = "kube-system";

    /// <summary>
    /// Name of the namespace of the node's gateway port; nodes that share a file system, as in the lab, need different ones
    /// (<c>--gateway-netns</c>).
    /// </summary>
    public string GatewayNamespace { get; init; } = "ovnext";

    /// <summary>The file that stands for that namespace.</summary>
    public string GatewayNamespacePath => $"/run/netns/{GatewayNamespace}";

    /// <summary>Where sockets and files are that need not outlive the node: beside the CNI socket.</summary>
    public string RunDirectory => Path.GetDirectoryName(BindSocket)!;

    /// <summary>Where liveness and readiness are served; an empty address means all of this host's.</summary>
    public IPAddress HealthAddress { get; init; } = IPAddress.IPv6Any;

    /// <summary>Zero turns the health endpoints off.</summary>
    public int HealthPort { get; init; } = 10665;

    /// <summary>Whether metrics are served beside them (<c>--enable-metrics</c>).</summary>
    public bool EnableMetrics { get; init; } = true;

    /// <summary>Whether to write the network configuration for the container runtime.</summary>
    public bool InstallCniConfig { get; init; }

    public string CniConfDir { get; init; } = "/etc/cni/net.d";

    public string CniConfFile { get; init; } = "/kube-ovn/01-kube-ovn.conflist";

    public string CniConfName { get; init; } = "01-kube-ovn.conflist";

    /// <summary>klog's <c>-v</c>: from 4 on the agent logs what it does to each pod.</summary>
    public int Verbosity { get; init; }

    /// <summary>Bytes that a tunnel takes from each packet; over IPv6 20 more.</summary>
    /// <exception cref="FormatException">The network type is unknown.</exception>
    public int TunnelOverhead => NetworkType switch
    {
        "geneve" or "vlan" => 100,
        "vxlan" => 50,
        "stt" => 72,
        _ => throw new FormatException($"--network-type={NetworkType} is none of geneve, vxlan, stt, vlan"),
    };

    /// <exception cref="FormatException">An option is missing or makes no sense; the message names the flag.</exception>
    public void Validate()
    {
        if (NodeName.Length == 0)
            throw new FormatException("the node is unknown: set NODE_NAME or --node-name");
        if (!Path.IsPathFullyQualified(BindSocket))
            throw new FormatException($"--bind-socket={BindSocket} is no absolute path");
        if (Mtu is not 0 and (< 68 or > 65535))
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"--mtu={Mtu} is no MTU"));
        if (HealthPort is < 0 or > 65535)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"--pprof-port={HealthPort} is no port"));
        _ = TunnelOverhead;
    }
}
