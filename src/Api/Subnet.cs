using Sluice.Api.Schema;

namespace Sluice.Api;

/// <summary>A range of addresses and, for the provider ovn, the OVN switch that its ports share.</summary>
[CustomResource("subnet")]
[PrinterColumn("Provider", ".spec.provider")]
[PrinterColumn("Vpc", ".spec.vpc")]
[PrinterColumn("Protocol", ".spec.protocol")]
[PrinterColumn("CIDR", ".spec.cidrBlock")]
[PrinterColumn("Private", ".spec.private", Type = "boolean")]
[PrinterColumn("NAT", ".spec.natOutgoing", Type = "boolean")]
[PrinterColumn("Default", ".spec.default", Type = "boolean")]
[PrinterColumn("GatewayType", ".spec.gatewayType")]
[PrinterColumn("V4Used", ".status.v4usingIPs", Type = "number")]
[PrinterColumn("V4Available", ".status.v4availableIPs", Type = "number")]
[PrinterColumn("V6Used", ".status.v6usingIPs", Type = "number")]
[PrinterColumn("V6Available", ".status.v6availableIPs", Type = "number")]
[PrinterColumn("ExcludeIPs", ".spec.excludeIps")]
[PrinterColumn("U2OInterconnectionIP", ".status.u2oInterconnectionIP")]
[PrinterColumn("Vlan", ".spec.vlan", Wide = true)]
[PrinterColumn("Reason", ReasonColumn.JsonPath, Wide = true)]
public sealed record Subnet : CustomResource<SubnetSpec, SubnetStatus>
{
    public Subnet() => (ApiVersion, Kind) = (SluiceResources.ApiVersion, nameof(Subnet));
}
