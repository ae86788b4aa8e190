using System.Text.Json.Serialization;

namespace Sluice.Api;

/// <summary>What is taken and what is left. Ranges are joined by commas, each a single address or FIRST-LAST.</summary>
public sealed record SubnetStatus : ResourceStatus<SubnetSpec>
{
    /// <summary>How many IPv4 addresses are left.</summary>
    [JsonPropertyName("v4availableIPs")]
    public AddressCount? V4AvailableIPs { get; init; }

    /// <summary>The IPv4 addresses that are left.</summary>
    [JsonPropertyName("v4availableIPrange")]
    public string? V4AvailableIPRange { get; init; }

    /// <summary>How many IPv4 addresses are taken.</summary>
    [JsonPropertyName("v4usingIPs")]
    public AddressCount? V4UsingIPs { get; init; }

    /// <summary>The IPv4 addresses that are taken.</summary>
    [JsonPropertyName("v4usingIPrange")]
    public string? V4UsingIPRange { get; init; }

    /// <summary>How many IPv6 addresses are left.</summary>
    [JsonPropertyName("v6availableIPs")]
    public AddressCount? V6AvailableIPs { get; init; }

    /// <summary>The IPv6 addresses that are left.</summary>
    [JsonPropertyName("v6availableIPrange")]
    public string? V6AvailableIPRange { get; init; }

    /// <summary>How many IPv6 addresses are taken.</summary>
    [JsonPropertyName("v6usingIPs")]
    public AddressCount? V6UsingIPs { get; init; }

    /// <summary>The IPv6 addresses that are taken.</summary>
    [JsonPropertyName("v6usingIPrange")]
    public string? V6UsingIPRange { get; init; }

    /// <summary>The node through which a centralized subnet leaves.</summary>
    public string? ActivateGateway { get; init; }

    /// <summary>UUID of the DHCP_Options row for IPv4.</summary>
    [JsonPropertyName("dhcpV4OptionsUUID")]
    public string? DhcpV4OptionsUuid { get; init; }

    /// <summary>UUID of the DHCP_Options row for IPv6.</summary>
    [JsonPropertyName("dhcpV6OptionsUUID")]
    public string? DhcpV6OptionsUuid { get; init; }

    /// <summary>The router's address in the subnet for u2oInterconnection.</summary>
    public string? U2oInterconnectionIP { get; init; }

    /// <summary>The router's MAC address for u2oInterconnection.</summary>
    [JsonPropertyName("u2oInterconnectionMAC")]
    public string? U2oInterconnectionMac { get; init; }

    /// <summary>The VPC of u2oInterconnection.</summary>
    [JsonPropertyName("u2oInterconnectionVPC")]
    public string? U2oInterconnectionVpc { get; init; }

    /// <summary>The exceptions from natOutgoing in use.</summary>
    public ValueList<NatOutgoingPolicyRuleStatus>? NatOutgoingPolicyRules { get; init; }

    /// <summary>Source address of the multicast querier.</summary>
    [JsonPropertyName("mcastQuerierIP")]
    public string? MulticastQuerierIP { get; init; }

    /// <summary>Source MAC address of the multicast querier.</summary>
    [JsonPropertyName("mcastQuerierMAC")]
    public string? MulticastQuerierMac { get; init; }
}
