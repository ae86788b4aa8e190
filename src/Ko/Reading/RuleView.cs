using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Vpcs;

namespace Sluice.Ko.Reading;

/// <summary>A rule of any kind, with what it should say.</summary>
/// <param name="Vpc">The VPC that it belongs to; null when it belongs to none.</param>
/// <param name="Conditions">What the plan says of it.</param>
/// <param name="IsNew">Whether the controller has yet to take it up.</param>
/// <param name="Summary">What it translates, once it does.</param>
public sealed record RuleView(
    KubeObject Rule, string? Eip, string? IpName, bool IsVip, string? InnerSubnet, string? Vpc, ValueList<Condition>? Conditions, bool IsNew, string Summary)
{
    public string Kind => Rule.Kind ?? "";

    public string Name => Rule.Metadata.Name;

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? Problem => Conditions.Find(ConditionTypes.Ready) is { Status: ConditionStatus.True }
        ? null
        : Conditions.Find(ConditionTypes.Ready)?.Message ?? "the controller has not looked at it yet";

    /// <summary>Whether it is translated on the node of its pod.</summary>
    public bool IsDistributed => Conditions.IsTrue("Distributed");

    /// <param name="forecast">Works out a VPC.</param>
    public static RuleView Of(ClusterObjects objects, KubeObject rule, Func<string, VpcForecast> forecast)
    {
        var vpc = objects.VpcOf(rule);
        var desired = vpc is not null ? forecast(vpc).Desired(rule) : Unowned(objects, rule);
        var isNew = vpc is not null && forecast(vpc).IsNew(rule);
        return desired switch
        {
            OvnFip { Spec: var spec, Status: var status } => new(
                rule, spec.OvnEip, spec.IpName, spec.IpType == IpTypes.Vip, null, vpc, status?.Conditions, isNew,
                $"{Both(status?.V4Eip, status?.V6Eip)} <-> {Both(status?.V4Ip, status?.V6Ip)}"),
            OvnSnatRule { Spec: var spec, Status: var status } => new(
                rule, spec.OvnEip, spec.IpName, objects.Ips.Find(spec.IpName) is null && objects.Vips.Find(spec.IpName) is not null, spec.VpcSubnet, vpc,
                status?.Conditions, isNew, $"{Both(status?.V4IpCidr, status?.V6IpCidr)} -> {Both(status?.V4Eip, status?.V6Eip)}"),
            OvnDnatRule { Spec: var spec, Status: var status } => new(
                rule, spec.OvnEip, spec.IpName, spec.IpType == IpTypes.Vip, null, vpc, status?.Conditions, isNew,
                $"{status?.Protocol} {Both(status?.V4Eip, status?.V6Eip)}:{status?.ExternalPort} -> {Both(status?.V4Ip, status?.V6Ip)}:{status?.InternalPort}"),
            _ => throw new ArgumentException($"{rule.Kind} is no rule", nameof(rule)),
        };
    }

    /// <summary>The rule's rows, by the names that its plan gives them.</summary>
    public bool Owns(string rowName) =>
        rowName == $"lb/{Kind}/{Name}" || rowName.StartsWith($"nat/{Kind}/{Name}/", StringComparison.Ordinal);

    private static KubeObject Unowned(ClusterObjects objects, KubeObject rule)
    {
        var gather = new RuleGather(objects);
        return rule switch
        {
            OvnFip fip => RulePlans.Fip.Unowned(gather.Input(fip), objects.Settings)?.Desired ?? fip,
            OvnSnatRule snat => RulePlans.Snat.Unowned(gather.Input(snat), objects.Settings)?.Desired ?? snat,
            OvnDnatRule dnat => RulePlans.Dnat.Unowned(gather.Input(dnat), objects.Settings)?.Desired ?? dnat,
            _ => rule,
        };
    }

    private static string Both(string? v4, string? v6) => string.Join(',', ((string?[])[v4, v6]).Where(text => !string.IsNullOrEmpty(text)));
}
