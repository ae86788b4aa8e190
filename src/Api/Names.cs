using System.Security.Cryptography;
using System.Text;

namespace Sluice.Api;

/// <summary>Keys of labels, annotations, finalizers and configuration, and names that follow from other names. Users and tools rely on them.</summary>
public static class Names
{
    /// <summary>
    /// Held by Vpc, Subnet, IP, Vip and the NAT kinds while OVN rows or addresses belong to them, by Vlan and ProviderNetwork while others are on them.
    /// </summary>
    public const string Finalizer = "kubeovn.io/kube-ovn-controller";

    /// <summary>What early versions used instead of <see cref="Finalizer"/>; stripped on every change of finalizers.</summary>
    public const string LegacyFinalizer = "kube-ovn-controller";

    /// <summary>Characters that the name of an object may have (RFC 1123 subdomains, as Kubernetes takes them).</summary>
    public const int MaxLength = 253;

    /// <summary>The provider of a pod's first NIC.</summary>
    public const string DefaultProvider = "ovn";

    /// <summary>
    /// The name of an object as the value of a label, or as the name of one. Labels are shorter than names: of a longer name than 63
    /// characters the beginning is left, and a digest that no two names of a cluster share.
    /// </summary>
    public static string LabelOf(string name)
    {
        const int MaxLabel = 63;
        const int DigestBytes = 8;
        if (name.Length <= MaxLabel) return name;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, DigestBytes));
        return $"{name[..(MaxLabel - digest.Length - 1)]}-{digest}";
    }

    /// <summary>The port of a pod, and the IP object of the same name.</summary>
    /// <param name="provider">Of a further NIC; the first one's is left out.</param>
    public static string PodPort(string pod, string @namespace, string provider = DefaultProvider) =>
        provider == DefaultProvider ? $"{pod}.{@namespace}" : $"{pod}.{@namespace}.{provider}";

    /// <summary>The port of a node in the join subnet, and the IP object of the same name.</summary>
    public static string NodePort(string node) => $"node-{node}";

    /// <summary>The port of a VPC's router in a subnet, and the OvnEip of type lrp behind an external one.</summary>
    public static string RouterPort(string vpc, string subnet) => $"{vpc}-{subnet}";

    /// <summary>The port of a subnet's switch that leads to a VPC's router.</summary>
    public static string SwitchPort(string subnet, string vpc) => $"{subnet}-{vpc}";

    /// <summary>The port of an underlay subnet's switch that leads to the provider network.</summary>
    public static string LocalnetPort(string subnet) => $"localnet.{subnet}";

    /// <summary>The OVS bridge of a provider network on a node.</summary>
    public static string ProviderBridge(string providerNetwork) => $"br-{providerNetwork}";

    /// <summary>Keys of labels.</summary>
    public static class Labels
    {
        /// <summary>On IP, Vip, OvnEip: the subnet of the address.</summary>
        public const string Subnet = "ovn.kubernetes.io/subnet";

        /// <summary>On IP: the node of the port.</summary>
        public const string NodeName = "ovn.kubernetes.io/node-name";

        /// <summary>On IP: "true" when a user reserved it. On Vip: empty, or the port that took it over.</summary>
        public const string IpReserved = "ovn.kubernetes.io/ip_reserved";

        /// <summary>On Vpc: the router was imported and is not managed.</summary>
        public const string VpcExternal = "ovn.kubernetes.io/vpc_external";

        /// <summary>On OvnEip: nat, lrp or lsp.</summary>
        public const string OvnEipType = "ovn.kubernetes.io/ovn_eip_type";

        /// <summary>On OvnEip and the rules that use it: its IPv4 address, or empty.</summary>
        public const string EipV4Ip = "ovn.kubernetes.io/eip_v4_ip";

        /// <summary>On OvnEip and the rules that use it: its IPv6 address as <see cref="EncodeV6"/> writes it, or empty.</summary>
        public const string EipV6Ip = "ovn.kubernetes.io/eip_v6_ip";

        /// <summary>On OvnEip: the VPC of the rule that used it last.</summary>
        public const string Vpc = "ovn.kubernetes.io/vpc";

        /// <summary>On OvnDnatRule: the external port.</summary>
        public const string VpcDnatExternalPort = "ovn.kubernetes.io/vpc_dnat_eport";

        /// <summary>On Node: "true" for a gateway node, "false" for a former one.</summary>
        public const string ExternalGateway = "ovn.kubernetes.io/external-gw";

        /// <summary>On Node: whether the port of its OvnEip of type lsp is in place.</summary>
        public const string NodeExternalGateway = "ovn.kubernetes.io/node-ext-gw";

        /// <summary>On Node: "true" when the bridge of the provider network works.</summary>
        public static string ProviderNetworkReady(string providerNetwork) => $"{providerNetwork}.provider-network.kubernetes.io/ready";

        /// <summary>On Node: the NIC in the bridge of the provider network.</summary>
        public static string ProviderNetworkInterface(string providerNetwork) => $"{providerNetwork}.provider-network.kubernetes.io/interface";

        /// <summary>On Node: the MTU of that NIC.</summary>
        public static string ProviderNetworkMtu(string providerNetwork) => $"{providerNetwork}.provider-network.kubernetes.io/mtu";

        /// <summary>On Node: "true" when the node does not take part in the provider network.</summary>
        public static string ProviderNetworkExclude(string providerNetwork) => $"{providerNetwork}.provider-network.kubernetes.io/exclude";

        /// <summary>On Node: "true" when VLAN subinterfaces of that NIC are kept.</summary>
        public static string ProviderNetworkVlanInterfaces(string providerNetwork) => $"{providerNetwork}.provider-network.kubernetes.io/vlan_interfaces";

        /// <summary>
        /// An IPv6 address as a label value: <c>:</c> becomes <c>-</c>, and a <c>0</c> keeps a <c>-</c> from being first or last, which
        /// labels do not allow. <c>fd00::1</c> is <c>fd00--1</c>, <c>::1</c> is <c>0--1</c>.
        /// </summary>
        public static string EncodeV6(string? address)
        {
            if (string.IsNullOrEmpty(address)) return "";
            var label = address.Replace(':', '-');
            if (label.StartsWith('-')) label = "0" + label;
            if (label.EndsWith('-')) label += "0";
            return label;
        }

        /// <summary>The IPv6 address, spelt in some way, that <see cref="EncodeV6"/> made a label value of.</summary>
        public static string DecodeV6(string? label) => label?.Replace('-', ':') ?? "";
    }

    /// <summary>Keys of annotations on our kinds and on nodes; for those of pods see <see cref="PodAnnotations"/>.</summary>
    public static class Annotations
    {
        /// <summary>On OvnEip: the rule that used it last.</summary>
        public const string VpcNat = "ovn.kubernetes.io/vpc_nat";

        /// <summary>On a rule: its OvnEip.</summary>
        public const string VpcEip = "ovn.kubernetes.io/vpc_eip";

        /// <summary>On Vpc: "on" creates a load balancer for it.</summary>
        public const string VpcLoadBalancer = "ovn.kubernetes.io/vpc_lb";

        /// <summary>On objects whose edits may take away what is in use: "true" lets them.</summary>
        public const string AllowDisruption = "ovn.kubernetes.io/allow-disruption";

        /// <summary>On Node: the name of its OVN chassis.</summary>
        public const string Chassis = "ovn.kubernetes.io/chassis";

        /// <summary>On Node: the name of its port, which its port group carries too.</summary>
        public const string PortName = "ovn.kubernetes.io/port_name";

        /// <summary>On Node: the interface that tunnels use.</summary>
        public const string TunnelInterface = "ovn.kubernetes.io/tunnel_interface";

        /// <summary>On Node: further networks of tunnels.</summary>
        public const string NodeNetworks = "ovn.kubernetes.io/node_networks";

        /// <summary>
        /// On Subnet: namespaces, joined by commas, or "*" for all, whose pods may name the subnet and any free address of it by annotation, also
        /// those that spec.excludeIps holds back.
        /// </summary>
        public const string PermittedNamespaces = "ovn.kubernetes.io/permitted_namespaces";

        /// <summary>On the agent's pod: why the bridge of the provider network does not work.</summary>
        public static string ProviderNetworkError(string providerNetwork) => $"{providerNetwork}.provider-network.kubernetes.io/err_mesg";
    }
}
