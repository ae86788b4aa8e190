using System.Globalization;
using System.Net;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addressing;

namespace Sluice.Controller.Options;

/// <summary>How a controller is started. Names and defaults are those of kube-ovn-controller; see <see cref="ControllerFlags"/>.</summary>
public sealed record ControllerOptions
{
    /// <summary>Path of a kubeconfig; empty for the service account of the pod.</summary>
    public string Kubeconfig { get; init; } = "";

    /// <summary>Servers of the northbound database, joined by commas (<c>OVN_NB_ADDR</c>, <c>--ovn-nb-addr</c>).</summary>
    public string NorthboundAddress { get; init; } = "unix:/var/run/ovn/ovnnb_db.sock";

    /// <summary>Servers of the southbound database, joined by commas (<c>OVN_SB_ADDR</c>, <c>--ovn-sb-addr</c>).</summary>
    public string SouthboundAddress { get; init; } = "unix:/var/run/ovn/ovnsb_db.sock";

    /// <summary>Certificate, key and certificate authority for databases at <c>ssl:</c> addresses.</summary>
    public DatabaseTlsFiles DatabaseTls { get; init; } = new();

    /// <summary>A database server that is silent for this long is asked for a sign of life.</summary>
    public TimeSpan DatabaseInactivity { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit of one transaction.</summary>
    public TimeSpan DatabaseTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many keys of one kind are worked on at a time; all kinds together share the workers.</summary>
    public int WorkersPerKind { get; init; } = 3;

    /// <summary>How long a failed key waits at first.</summary>
    public TimeSpan RetryMinDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a failed key waits at most.</summary>
    public TimeSpan RetryMaxDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The default VPC.</summary>
    public string ClusterRouter { get; init; } = "ovn-cluster";

    /// <summary>The subnet of pods that nothing else assigns to one.</summary>
    public DefaultSubnetOptions DefaultSubnet { get; init; } = new();

    /// <summary>The subnet that joins the nodes to the default VPC.</summary>
    public string NodeSwitch { get; init; } = "join";

    /// <summary>CIDR of <see cref="NodeSwitch"/>; one per family joined by a comma.</summary>
    public string NodeSwitchCidr { get; init; } = "100.64.0.0/16";

    /// <summary>Gateway of <see cref="NodeSwitch"/>; empty for the first usable address.</summary>
    public string NodeSwitchGateway { get; init; } = "";

    /// <summary>Where the cluster IPs of Services are from.</summary>
    public ValueList<Cidr> ServiceCidrs { get; init; } = [Cidr.Parse("10.96.0.0/12")];

    /// <summary>The addresses that the DNS cache of each node has, beside link-local ones.</summary>
    public ValueList<IpAddress> NodeLocalDns { get; init; } = [];

    /// <summary>geneve, vxlan, stt or vlan: what tunnels add to a packet.</summary>
    public string NetworkType { get; init; } = "geneve";

    /// <summary>Provider network of a Vlan that names none.</summary>
    public string DefaultProviderName { get; init; } = "provider";

    /// <summary>What pods' NICs are made of.</summary>
    public string PodNicType { get; init; } = "veth-pair";

    /// <summary>Whether annotations of pods need permission: one of <see cref="PodPermissionModes"/>.</summary>
    public string PodPermissions { get; init; } = PodPermissionModes.Enforce;

    /// <summary>Whether switches have load balancers of services, unless their subnet says otherwise.</summary>
    public bool EnableLb { get; init; } = true;

    /// <summary>Whether VPCs may connect to the default external subnet.</summary>
    public bool EnableEipSnat { get; init; } = true;

    /// <summary>Namespace of the ConfigMap of the external gateway.</summary>
    public string ExternalGatewayConfigNamespace { get; init; } = "kube-system";

    /// <summary>The subnet of OvnEips that name none.</summary>
    public string ExternalGatewaySwitch { get; init; } = "external";

    /// <summary>Provider network of the external switch; only when it has no Subnet, whose Vlan and ProviderNetwork say otherwise.</summary>
    public string ExternalGatewayNet { get; init; } = "external";

    /// <summary>VLAN tag of the external switch, 0 for none; only when it has no Subnet.</summary>
    public int ExternalGatewayVlanId { get; init; }

    /// <summary>Fastest rate at which BFD sessions send, in milliseconds between packets.</summary>
    public int BfdMinTx { get; init; } = 100;

    /// <summary>Fastest rate at which BFD sessions receive, in milliseconds between packets.</summary>
    public int BfdMinRx { get; init; } = 100;

    /// <summary>How many BFD packets may be missed.</summary>
    public int BfdDetectMultiplier { get; init; } = 3;

    /// <summary>Whether gateway nodes get their OvnEips of type lsp by themselves.</summary>
    public bool GatewayNodeEips { get; init; }

    /// <summary>Milliseconds between the BFD packets of nodes to each other; zero leaves that to OVN. See <see cref="TunnelBfd"/>.</summary>
    public int TunnelBfdInterval { get; init; } = 100;

    /// <summary>Whether rules say when the chassis that carry them have their rows: condition Realized.</summary>
    public bool ReportRealized { get; init; }

    /// <summary>Where health and metrics are served.</summary>
    public IPAddress HttpAddress { get; init; } = IPAddress.IPv6Any;

    /// <summary>Zero lets the system choose a port.</summary>
    public int HttpPort { get; init; } = 10660;

    public bool EnableMetrics { get; init; } = true;

    /// <summary>Whether and how requests to the API server are reviewed (<c>--enable-webhook</c>, <c>--webhook-*</c>).</summary>
    public WebhookOptions Webhook { get; init; } = new();

    /// <summary>Who of several controllers leads, and for how long (<c>--leader-elect-*</c>, <c>POD_NAME</c>, <c>POD_NAMESPACE</c>).</summary>
    public LeaderElectionOptions Election { get; init; } = new()
    {
        Namespace = "kube-system",
        Name = "kube-ovn-controller",
        Identity = Environment.MachineName,
        LeaseDuration = TimeSpan.FromSeconds(30),
        RenewDeadline = TimeSpan.FromSeconds(20),
        RetryPeriod = TimeSpan.FromSeconds(6),
    };

    /// <summary>klog's <c>-v</c>: from 4 on every reconciled key is logged.</summary>
    public int Verbosity { get; init; }

    /// <summary>Look at everything once, write nothing, and print what would be written.</summary>
    public bool AuditOnly { get; init; }

    /// <summary>How that is printed: one of <see cref="AuditFormats"/>.</summary>
    public string AuditFormat { get; init; } = AuditFormats.Text;

    /// <exception cref="FormatException">An option makes no sense; the message names the flag.</exception>
    public void Validate()
    {
        Require(WorkersPerKind > 0, "--worker-num", "at least 1");
        Require(RetryMinDelay > TimeSpan.Zero, "--cust-crd-retry-min-delay", "positive");
        Require(RetryMaxDelay >= RetryMinDelay, "--cust-crd-retry-max-delay", "at least --cust-crd-retry-min-delay");
        Require(DatabaseTimeout > TimeSpan.Zero, "--ovn-timeout", "positive");
        Require(DatabaseInactivity > TimeSpan.Zero, "--ovsdb-inactivity-timeout", "positive");
        Require(NetworkType is "geneve" or "vxlan" or "stt" or "vlan", "--network-type", "geneve, vxlan, stt or vlan");
        Require(AuditFormat is AuditFormats.Text or AuditFormats.Json, "--audit-format", "text or json");
        Require(PodPermissions is PodPermissionModes.Enforce or PodPermissionModes.Open, "--pod-permissions", "enforce or open");
        Require(HttpPort is >= 0 and <= 65535, "--pprof-port", "a port");
        Require(Webhook.Port is > 0 and <= 65535, "--webhook-port", "a port");
        Require(Webhook.Url is null or { Scheme: "https" }, "--webhook-url", "an https URL");
        Require(BfdMinTx > 0, "--bfd-min-tx", "positive");
        Require(BfdMinRx > 0, "--bfd-min-rx", "positive");
        Require(BfdDetectMultiplier > 0, "--detect-mult", "positive");
        Require(TunnelBfdInterval >= 0, "--tunnel-bfd-interval", "positive, or zero");
        Require(ClusterRouter.Length > 0, "--cluster-router", "a name");
        Require(NodeSwitch.Length > 0, "--node-switch", "a name");
        Require(DefaultSubnet.Name.Length > 0, "--default-ls", "a name");
        Require(Election.RenewDeadline < Election.LeaseDuration, "--leader-elect-renew-deadline", "shorter than --leader-elect-lease-duration");
        Require(Election.RetryPeriod < Election.RenewDeadline, "--leader-elect-retry-period", "shorter than --leader-elect-renew-deadline");
        Require(Election.RetryPeriod > TimeSpan.Zero, "--leader-elect-retry-period", "positive");
    }

    /// <summary>Bytes that a tunnel takes from each packet.</summary>
    public int TunnelOverhead => NetworkType switch
    {
        "vxlan" => 50,
        "stt" => 72,
        _ => 100,
    };

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"nb={NorthboundAddress} sb={SouthboundAddress} vpc={ClusterRouter} subnet={DefaultSubnet.Name} join={NodeSwitch} external={ExternalGatewaySwitch}");

    private static void Require(bool holds, string flag, string what)
    {
        if (!holds)
            throw new FormatException($"{flag} must be {what}");
    }
}

/// <summary>The subnet that exists from the start (<c>--default-*</c>).</summary>
public sealed record DefaultSubnetOptions
{
    public string Name { get; init; } = "ovn-default";

    /// <summary>One CIDR per family joined by a comma.</summary>
    public string Cidr { get; init; } = "10.16.0.0/16";

    /// <summary>Empty for the first usable address.</summary>
    public string Gateway { get; init; } = "";

    /// <summary>Whether pods wait until the gateway answers.</summary>
    public bool GatewayCheck { get; init; } = true;

    /// <summary>Whether an underlay subnet uses the router as its gateway.</summary>
    public bool LogicalGateway { get; init; }

    /// <summary>Joined by commas, each an address or FIRST..LAST.</summary>
    public string ExcludeIps { get; init; } = "";
}

/// <summary>Values of <c>--pod-permissions</c>.</summary>
public static class PodPermissionModes
{
    /// <summary>Annotations give what operators permit.</summary>
    public const string Enforce = "enforce";

    /// <summary>Annotations give what Kube-OVN gives: any subnet but that of the nodes, any free address.</summary>
    public const string Open = "open";
}

/// <summary>PEM files of the database client.</summary>
public sealed record DatabaseTlsFiles
{
    public string Authority { get; init; } = "/var/run/tls/cacert";

    public string Certificate { get; init; } = "/var/run/tls/cert";

    public string Key { get; init; } = "/var/run/tls/key";
}
