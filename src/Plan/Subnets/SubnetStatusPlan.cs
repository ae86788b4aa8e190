using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Api;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Subnets;

/// <summary>What a subnet should say.</summary>
internal static class SubnetStatusPlan
{
    private const string StaysInForce = "the last valid spec stays in force";

    /// <summary>The status of a subnet that has a spec in force.</summary>
    /// <param name="spec">The one in force.</param>
    /// <param name="gap">Why it is not served; null when it is.</param>
    public static Change<Subnet> Served(SubnetInput input, SubnetSpec spec, SubnetEdit edit, SubnetRefusal? gap)
    {
        var subnet = input.Subnet;
        var generation = subnet.Metadata.Generation;
        var status = Facts(input) with { Accepted = spec };
        var doubt = edit.Refusal ?? edit.Doubt;
        var conditions = status.Conditions
            .Without(ConditionTypes.Error)
            .With(ConditionTypes.Validated, doubt is null, doubt?.Reason ?? SubnetReasons.Valid, doubt?.Message, generation);
        conditions = edit.Refusal is { } refusal
            ? conditions.With(ConditionTypes.Ready, false, refusal.Reason, $"{refusal.Message}; {StaysInForce}", generation)
            : conditions.With(ConditionTypes.Ready, gap is null, gap?.Reason ?? ReadyReason(subnet), gap?.Message ?? Ineffective(input), generation);
        return new(subnet, subnet with { Status = status with { Conditions = conditions } });
    }

    /// <summary>The status of a subnet whose spec can not work.</summary>
    public static Change<Subnet> Refused(SubnetInput input, SubnetRefusal refusal)
    {
        var subnet = input.Subnet;
        var generation = subnet.Metadata.Generation;
        var status = Facts(input);
        var conditions = status.Conditions
            .With(ConditionTypes.Validated, false, refusal.Reason, refusal.Message, generation)
            .With(ConditionTypes.Ready, false, refusal.Reason, refusal.Message, generation);
        return new(subnet, subnet with { Status = status with { Conditions = conditions } });
    }

    /// <summary>The status of a subnet that is being deleted but still works.</summary>
    public static Change<Subnet> Kept(SubnetInput input, SubnetRefusal refusal)
    {
        var subnet = input.Subnet;
        var status = Facts(input);
        var conditions = status.Conditions.With(
            ConditionTypes.Ready, status.Conditions.IsTrue(ConditionTypes.Ready), refusal.Reason, refusal.Message, subnet.Metadata.Generation);
        return new(subnet, subnet with { Status = status with { Conditions = conditions } });
    }

    /// <summary>Whether a centralized subnet has a node to leave through.</summary>
    public static SubnetRefusal? CheckGateway(SubnetInput input)
    {
        var subnet = input.Subnet;
        if (!GatewayPlan.Applies(subnet, input.Settings) || GatewayPlan.IsDistributed(subnet, input.Settings)) return null;
        if (GatewayPlan.ActiveGateway(input) is not null) return null;
        var gateways = GatewayPlan.Gateways(input);
        return new(SubnetReasons.NoReadyGateway, gateways.IsEmpty
            ? "spec.gatewayNode: names no node that exists"
            : $"spec.gatewayNode: none of {string.Join(", ", gateways.Select(gateway => gateway.Node.Name))} is ready");
    }

    private static SubnetStatus Facts(SubnetInput input)
    {
        var subnet = input.Subnet;
        var (v4, v6) = (input.Usage?.V4, input.Usage?.V6);
        var isCentralized = GatewayPlan.Applies(subnet, input.Settings) && !GatewayPlan.IsDistributed(subnet, input.Settings);
        return (subnet.Status ?? new SubnetStatus()) with
        {
            V4UsingIPs = v4?.Using ?? 0,
            V4UsingIPRange = v4?.UsingRange ?? "",
            V4AvailableIPs = v4?.Available ?? 0,
            V4AvailableIPRange = v4?.AvailableRange ?? "",
            V6UsingIPs = v6?.Using ?? 0,
            V6UsingIPRange = v6?.UsingRange ?? "",
            V6AvailableIPs = v6?.Available ?? 0,
            V6AvailableIPRange = v6?.AvailableRange ?? "",
            ActivateGateway = isCentralized ? GatewayPlan.ActiveGateway(input)?.Name ?? "" : "",
            DhcpV4OptionsUuid = input.DhcpRows.V4?.ToString() ?? "",
            DhcpV6OptionsUuid = input.DhcpRows.V6?.ToString() ?? "",
            NatOutgoingPolicyRules = subnet.Spec.NatOutgoingPolicyRules is { } rules
                ? rules.Select((rule, index) => Identified(subnet.Metadata.Name, index, rule)).ToValueList()
                : null,
        };
    }

    private static string ReadyReason(Subnet subnet) =>
        !SubnetPorts.IsOvn(subnet) ? SubnetReasons.NonOvn
        : subnet.Spec.Private == true ? SubnetReasons.Private
        : SubnetReasons.Public;

    /// <summary>What the spec asks for in vain.</summary>
    private static string? Ineffective(SubnetInput input)
    {
        var subnet = input.Subnet;
        var never = IneffectiveFields.Message(IneffectiveFields.Of(subnet.Spec));
        if (SubnetPorts.VpcOf(subnet, input.Settings.DefaultVpc) == input.Settings.DefaultVpc) return never;

        var fields = new List<string>();
        if (subnet.Spec.NatOutgoing == true) fields.Add("spec.natOutgoing");
        if (subnet.Spec.GatewayType == GatewayTypes.Centralized) fields.Add("spec.gatewayType");
        var here = fields.Count == 0 ? null : $"without effect outside of Vpc {input.Settings.DefaultVpc}: {string.Join(", ", fields)}";
        return never is null || here is null ? never ?? here : $"{never}; {here}";
    }

    /// <summary>Nodes name their chains after the id, which changes whenever the rule does.</summary>
    private static NatOutgoingPolicyRuleStatus Identified(string subnet, int index, NatOutgoingPolicyRule rule)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{subnet}\n{index}\n{rule.Match?.SourceIPs}\n{rule.Match?.DestinationIPs}\n{rule.Action}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return new() { RuleId = Convert.ToHexStringLower(hash.AsSpan(0, 6)), Match = rule.Match, Action = rule.Action };
    }
}
