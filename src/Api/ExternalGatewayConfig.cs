namespace Sluice.Api;

/// <summary>The ConfigMap that says which nodes are gateways and how the default VPC is connected, and the keys of its data.</summary>
public static class ExternalGatewayConfig
{
    /// <summary>Its name; its namespace is <c>--external-gateway-config-ns</c>.</summary>
    public const string Name = "ovn-external-gw-config";

    /// <summary>"false" disables it; anything else, and nothing, enables it.</summary>
    public const string Enable = "enable-external-gw";

    /// <summary>centralized or distributed; anything but distributed means centralized.</summary>
    public const string Type = "type";

    /// <summary>The gateway nodes, joined by commas, unless distributed.</summary>
    public const string Nodes = "external-gw-nodes";

    /// <summary>The NIC of the gateway nodes that reaches the outside.</summary>
    public const string Nic = "external-gw-nic";

    /// <summary>The outside router's address, with or without prefix length. Default: the external subnet's gateway.</summary>
    public const string Address = "external-gw-addr";

    /// <summary>The address of the default VPC's port with prefix length. Default: that of an OvnEip.</summary>
    public const string NicIp = "nic-ip";

    /// <summary>The MAC address of that port. Default: a generated one.</summary>
    public const string NicMac = "nic-mac";
}
