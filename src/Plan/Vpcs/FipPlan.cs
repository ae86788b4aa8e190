using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Plan.Vpcs;

/// <summary>Floating IPs: NAT rows of type dnat_and_snat, one per family.</summary>
internal sealed class FipPlan() : RuleKind<OvnFip>(nameof(OvnFip))
{
    public static FipPlan Instance { get; } = new();

    public override string? LastVpc(OvnFip rule) => rule.Status?.Vpc;

    public override ValueList<Condition>? Conditions(OvnFip rule) => rule.Status?.Conditions;

    public override RuleResolution Resolve(in RuleInput<OvnFip> input, VpcSettings settings)
    {
        var (rule, spec) = (input.Rule, input.Rule.Spec);
        var target = RuleTarget.OfAddress(
            spec.IpType, spec.IpName, spec.Vpc, spec.V4Ip, spec.V6Ip, input.Ip, input.Vip, input.Subnet, settings);
        if (target is { Refusal: null, PodPort: not null, PodMac: null } && TypeOf(rule, settings) != GatewayTypes.Centralized)
        {
            // Without the MAC address the row would silently mean a translation on the gateway node.
            target = target with { Refusal = new(Reasons.AddressPending, $"spec.ipName: IP \"{spec.IpName}\" has no MAC address yet") };
        }
        var resolution = EipUse.Pair(spec.OvnEip, input.Eip, target, settings);
        resolution = resolution with { Claims = RuleClaims.Of(rule, Kind, spec.OvnEip, resolution.Vpc ?? LastVpc(rule), EipSlots.Fip) };
        return resolution with { Sources = RuleClaims.OfSources(resolution, input.Eip, settings) };
    }

    public override Placement Place(OvnFip rule, Translation translation, Sharing sharing, RuleContext context)
    {
        if (rule.Spec.Type == GatewayTypes.Centralized) return Placement.AsAsked;
        if (string.IsNullOrEmpty(rule.Spec.Type) && context.FipType == GatewayTypes.Centralized) return Placement.AsConfigured;
        if (translation.PodPort is null) return Placement.NobodysPort;
        if (translation.IsRouterAddress) return Placement.RouterAddress;
        return sharing.Of(translation) ?? Placement.OnPodNode;
    }

    public override ImmutableArray<DesiredRow> Rows(OvnFip rule, Translation translation, Placement? placement, RuleContext context) =>
        NatRows.For(Kind, rule.Metadata.Name, translation, context, (external, inner) => new Nat
        {
            Type = Nat.TypeValue.DnatAndSnat,
            ExternalIp = external,
            LogicalIp = inner,
            LogicalPort = placement!.Distributed ? translation.PodPort : null,
            ExternalMac = placement.Distributed ? translation.PodMac : null,
            Options = Stateful,
        });

    public override OvnFip WithStatus(OvnFip rule, RuleState state) => rule with
    {
        Status = new()
        {
            Ready = state.Ready,
            Vpc = state.Vpc,
            V4Eip = state.Translation?.V4Eip,
            V6Eip = state.Translation?.V6Eip,
            V4Ip = state.Translation?.V4,
            V6Ip = state.Translation?.V6,
            MacAddress = state.Mac,
            Accepted = rule.Status?.Accepted ?? (state.Ready ? rule.WrittenSpec : null),
            Conditions = state.Conditions,
        },
    };

    public override OvnFip WithMetadata(OvnFip rule, ObjectMeta metadata) => rule with { Metadata = metadata };

    private static string? TypeOf(OvnFip rule, VpcSettings settings) =>
        string.IsNullOrEmpty(rule.Spec.Type) ? settings.FipType : rule.Spec.Type;

    // Translating without connection tracking breaks path MTU discovery, and the address could not be shared.
    internal static readonly StringMap Stateful = StringMap.Of(("stateless", "false"));
}
