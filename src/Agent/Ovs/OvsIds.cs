namespace Sluice.Agent.Ovs;

/// <summary>Keys of <c>external_ids</c> in the local OVS database that this agent writes or reads. Only rows that carry our vendor are ours.</summary>
internal static class OvsIds
{
    public const string Vendor = "vendor";

    /// <summary>What Kube-OVN writes, so that its tools find our ports and we find its.</summary>
    public const string KubeOvn = "kube-ovn";

    // Of Open_vSwitch; ovn-controller(8) reads them, sluice-exchanged-links aside.
    public const string SystemId = "system-id";
    public const string BridgeMappings = "ovn-bridge-mappings";
    public const string ChassisMacMappings = "ovn-chassis-mac-mappings";
    public const string BridgeDatapathType = "ovn-bridge-datapath-type";
    public const string EncapIp = "ovn-encap-ip";

    /// <summary>NICs whose names we gave to a bridge, as <c>PROVIDERNETWORK:NAME</c>: so that they get them back, whatever happens meanwhile.</summary>
    public const string ExchangedLinks = "sluice-exchanged-links";

    // Of a provider bridge and of the NIC's port in it.
    public const string ProviderNetwork = "provider-network";
    public const string ExchangeLinkName = "exchange-link-name";
    public const string WasDown = "link-was-down";

    /// <summary>Of the port by which ovn-controller joins a bridge to <c>br-int</c>: the localnet port that it is for.</summary>
    public const string LocalnetPort = "ovn-localnet-port";

    // Of the Interface of a pod; ovn-controller(8) reads iface-id and writes ovn-installed, kubectl-ko reads pod_netns.
    public const string IfaceId = "iface-id";
    public const string OvnInstalled = "ovn-installed";
    public const string PodName = "pod_name";
    public const string PodNamespace = "pod_namespace";
    public const string PodNetNs = "pod_netns";
    public const string Ip = "ip";
    public const string ContainerId = "container_id";
    public const string ContainerInterface = "container_ifname";
    public const string CniNetwork = "cni_network";
}
