using System.Text.Json.Serialization;
using Sluice.Kube;

namespace Sluice.Api;

/// <summary>
/// Contracts of all kinds: camel case, nulls left out. The element types of lists are named because
/// <see cref="ValueListConverter{T}"/> asks for their contracts.
/// </summary>
[JsonSourceGenerationOptions(
    MaxDepth = JsonLimits.MaxDepth,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters =
    [
        typeof(ValueListConverter<string>),
        typeof(ValueListConverter<Condition>),
        typeof(ValueListConverter<CustomInterface>),
        typeof(ValueListConverter<LabelRequirement>),
        typeof(ValueListConverter<LabelSelector>),
        typeof(ValueListConverter<NatOutgoingPolicyRule>),
        typeof(ValueListConverter<NatOutgoingPolicyRuleStatus>),
        typeof(ValueListConverter<PolicyRoute>),
        typeof(ValueListConverter<StaticRoute>),
        typeof(ValueListConverter<SubnetAcl>),
        typeof(ValueListConverter<VpcBfdSession>),
        typeof(ValueListConverter<VpcGateway>),
        typeof(ValueListConverter<VpcPeering>),
    ])]
[JsonSerializable(typeof(ProviderNetwork))]
[JsonSerializable(typeof(Vlan))]
[JsonSerializable(typeof(Subnet))]
[JsonSerializable(typeof(Vpc))]
[JsonSerializable(typeof(Ip))]
[JsonSerializable(typeof(Vip))]
[JsonSerializable(typeof(OvnEip))]
[JsonSerializable(typeof(OvnFip))]
[JsonSerializable(typeof(OvnSnatRule))]
[JsonSerializable(typeof(OvnDnatRule))]
[JsonSerializable(typeof(Condition))]
[JsonSerializable(typeof(CustomInterface))]
[JsonSerializable(typeof(LabelRequirement))]
[JsonSerializable(typeof(LabelSelector))]
[JsonSerializable(typeof(NatOutgoingPolicyRule))]
[JsonSerializable(typeof(NatOutgoingPolicyRuleStatus))]
[JsonSerializable(typeof(PolicyRoute))]
[JsonSerializable(typeof(StaticRoute))]
[JsonSerializable(typeof(SubnetAcl))]
[JsonSerializable(typeof(VpcBfdSession))]
[JsonSerializable(typeof(VpcGateway))]
[JsonSerializable(typeof(VpcPeering))]
internal sealed partial class ApiJsonContext : JsonSerializerContext;
