using System.Text.Json.Serialization;

namespace Sluice.Cni.Wire;

/// <summary>
/// What the plugin asks the agent to do for one interface of one pod: the body of <c>POST /api/v1/add</c>, <c>/del</c> and <c>/check</c>.
/// The field names are those of Kube-OVN's daemon, so that either side can be exchanged alone.
/// </summary>
internal sealed record AttachmentRequest
{
    /// <summary>The plugin's <c>type</c> in the network configuration.</summary>
    [JsonPropertyName("cni_type")]
    public string CniType { get => field ?? ""; init; } = "";

    /// <summary>The <c>name</c> of the network configuration: the scope of a garbage collection.</summary>
    [JsonPropertyName("network")]
    public string Network { get => field ?? ""; init; } = "";

    [JsonPropertyName("pod_name")]
    public string PodName { get => field ?? ""; init; } = "";

    [JsonPropertyName("pod_namespace")]
    public string PodNamespace { get => field ?? ""; init; } = "";

    /// <summary><c>K8S_POD_UID</c>; empty when the runtime does not tell. Kube-OVN's plugin never does.</summary>
    [JsonPropertyName("pod_uid")]
    public string PodUid { get => field ?? ""; init; } = "";

    /// <summary><c>CNI_CONTAINERID</c>.</summary>
    [JsonPropertyName("container_id")]
    public string ContainerId { get => field ?? ""; init; } = "";

    /// <summary><c>CNI_NETNS</c>, a path; may be empty for <c>/del</c>.</summary>
    [JsonPropertyName("net_ns")]
    public string NetNs { get => field ?? ""; init; } = "";

    /// <summary><c>CNI_IFNAME</c>.</summary>
    [JsonPropertyName("if_name")]
    public string IfName { get => field ?? ""; init; } = "";

    /// <summary>Prefix of the pod's annotations: <c>ovn</c> for the primary interface, <c>[nad].[namespace].ovn</c> for others.</summary>
    [JsonPropertyName("provider")]
    public string Provider { get => field ?? ""; init; } = "";

    /// <summary>Routes of the network configuration, added to those of the pod's annotations.</summary>
    [JsonPropertyName("routes")]
    public IReadOnlyList<Route>? Routes { get; init; }

    [JsonPropertyName("dns")]
    public Dns? Dns { get; init; }

    /// <summary>Only for <c>/check</c>: what the runtime was told at ADD.</summary>
    [JsonPropertyName("expected")]
    public AttachmentResult? Expected { get; init; }
}

/// <summary>What the agent made of an interface: the body of a 200 answer to <c>POST /api/v1/add</c>.</summary>
internal sealed record AttachmentResult
{
    [JsonPropertyName("ips")]
    public IReadOnlyList<AttachmentIp> Ips { get => field ?? []; init; } = [];

    [JsonPropertyName("mac_address")]
    public string MacAddress { get => field ?? ""; init; } = "";

    [JsonPropertyName("routes")]
    public IReadOnlyList<Route> Routes { get => field ?? []; init; } = [];

    [JsonPropertyName("mtu")]
    public int Mtu { get; init; }

    /// <summary>The interface's name inside the pod.</summary>
    [JsonPropertyName("nicname")]
    public string NicName { get => field ?? ""; init; } = "";

    /// <summary>The other end of the pair, in the host's namespace.</summary>
    [JsonPropertyName("host_nicname")]
    public string HostNicName { get => field ?? ""; init; } = "";

    [JsonPropertyName("host_mac_address")]
    public string HostMacAddress { get => field ?? ""; init; } = "";

    [JsonPropertyName("dns")]
    public Dns? Dns { get; init; }
}

/// <summary>One address of an interface.</summary>
/// <param name="Protocol"><c>IPv4</c> or <c>IPv6</c>.</param>
/// <param name="Ip">The address without its prefix length.</param>
/// <param name="Cidr">The address with its prefix length, as <c>192.168.0.2/24</c>.</param>
/// <param name="Gateway">Empty when the subnet has none.</param>
internal sealed record AttachmentIp(
    [property: JsonPropertyName("protocol")] string Protocol,
    [property: JsonPropertyName("ip")] string Ip,
    [property: JsonPropertyName("cidr")] string Cidr,
    [property: JsonPropertyName("gateway")] string Gateway);

/// <summary>A route inside the pod; without <paramref name="Gw"/> the destination is on the link.</summary>
internal sealed record Route(
    [property: JsonPropertyName("dst")] string Dst,
    [property: JsonPropertyName("gw")] string? Gw);

/// <summary>Resolver settings, handed through from the network configuration to the result.</summary>
internal sealed record Dns
{
    [JsonPropertyName("nameservers")]
    public IReadOnlyList<string>? Nameservers { get; init; }

    [JsonPropertyName("domain")]
    public string? Domain { get; init; }

    [JsonPropertyName("search")]
    public IReadOnlyList<string>? Search { get; init; }

    [JsonPropertyName("options")]
    public IReadOnlyList<string>? Options { get; init; }
}
