using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Plan.Vpcs;

/// <summary>SNAT rules: NAT rows of type snat, one per family.</summary>
internal sealed class SnatPlan() : RuleKind<OvnSnatRule>(nameof(OvnSnatRule))
{
    public static SnatPlan Instance { get; } = new();

    public override string? LastVpc(OvnSnatRule rule) => rule.Status?.Vpc;

    public override ValueList<Condition>? Conditions(OvnSnatRule rule) => rule.Status?.Conditions;

    public override RuleResolution Resolve(in RuleInput<OvnSnatRule> input, VpcSettings settings)
    {
        var (rule, spec) = (input.Rule, input.Rule.Spec);
        var target = RuleTarget.OfSource(spec, input.Ip, input.Vip, input.Subnet, settings);
        var resolution = EipUse.Pair(spec.OvnEip, input.Eip, target, settings);
        var sources = new[] { resolution.Translation?.V4, resolution.Translation?.V6 }.OfType<string>().Select(EipSlots.Snat);
        resolution = resolution with { Claims = RuleClaims.Of(rule, Kind, spec.OvnEip, resolution.Vpc ?? LastVpc(rule), [.. sources]) };
        return resolution with { Sources = RuleClaims.OfSources(resolution, input.Eip, settings) };
    }

    public override ImmutableArray<DesiredRow> Rows(OvnSnatRule rule, Translation translation, Placement? placement, RuleContext context) =>
        NatRows.For(Kind, rule.Metadata.Name, translation, context, (external, inner) => new Nat
        {
            Type = Nat.TypeValue.Snat,
            ExternalIp = external,
            LogicalIp = inner,
        });

    public override OvnSnatRule WithStatus(OvnSnatRule rule, RuleState state) => rule with
    {
        Status = new()
        {
            Ready = state.Ready,
            Vpc = state.Vpc,
            V4Eip = state.Translation?.V4Eip,
            V6Eip = state.Translation?.V6Eip,
            V4IpCidr = state.Translation?.V4,
            V6IpCidr = state.Translation?.V6,
            Accepted = rule.Status?.Accepted ?? (state.Ready ? rule.WrittenSpec : null),
            Conditions = state.Conditions,
        },
    };

    public override OvnSnatRule WithMetadata(OvnSnatRule rule, ObjectMeta metadata) => rule with { Metadata = metadata };
}
