using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Plan.Vpcs;

/// <summary>DNAT rules: one Load_Balancer row each, with a VIP per family, attached to the router alone.</summary>
internal sealed class DnatPlan() : RuleKind<OvnDnatRule>(nameof(OvnDnatRule))
{
    public static DnatPlan Instance { get; } = new();

    public override string? LastVpc(OvnDnatRule rule) => rule.Status?.Vpc;

    public override ValueList<Condition>? Conditions(OvnDnatRule rule) => rule.Status?.Conditions;

    public override RuleResolution Resolve(in RuleInput<OvnDnatRule> input, VpcSettings settings)
    {
        var (rule, spec) = (input.Rule, input.Rule.Spec);
        var target = RuleTarget.OfAddress(
            spec.IpType, spec.IpName, spec.Vpc, spec.V4Ip, spec.V6Ip, input.Ip, input.Vip, input.Subnet, settings);

        var protocol = Protocol(spec.Protocol);
        var (external, inner) = (Port(spec.ExternalPort), Port(spec.InternalPort));
        var refusal = protocol is null ? new Refusal(Reasons.InvalidSpec, $"spec.protocol: \"{spec.Protocol}\" is not tcp, udp or sctp")
            : external is null ? NoPort("spec.externalPort", spec.ExternalPort)
            : inner is null ? NoPort("spec.internalPort", spec.InternalPort)
            : null;
        if (refusal is not null) return new(target, null, refusal);

        var resolution = EipUse.Pair(spec.OvnEip, input.Eip, target, settings);
        return resolution with
        {
            Translation = resolution.Translation is { } translation
                ? translation with { Protocol = protocol, ExternalPort = external!.Value, InternalPort = inner!.Value }
                : null,
            Claims = RuleClaims.Of(rule, Kind, spec.OvnEip, resolution.Vpc ?? LastVpc(rule), EipSlots.Dnat(protocol!, external!.Value)),
        };
    }

    public override Refusal? Check(Translation translation, RuleContext context) =>
        context.SeveralGatewayPorts && !context.Capabilities.LoadBalancersOnSeveralGatewayPorts
            ? new(
                Reasons.NotSupported,
                $"spec.ovnEip: Vpc \"{context.Vpc}\" is connected to several external subnets, and this OVN then forwards no ports")
            : null;

    public override ImmutableArray<DesiredRow> Rows(OvnDnatRule rule, Translation translation, Placement? placement, RuleContext context)
    {
        var vips = new List<(string, string)>(2);
        if (translation.V4Eip is { } v4) vips.Add(($"{v4}:{translation.ExternalPort}", $"{translation.V4}:{translation.InternalPort}"));
        if (translation.V6Eip is { } v6) vips.Add(($"[{v6}]:{translation.ExternalPort}", $"[{translation.V6}]:{translation.InternalPort}"));
        var row = new LoadBalancer
        {
            Name = rule.Metadata.Name,
            Protocol = translation.Protocol,
            Vips = StringMap.Of([.. vips]),
            // Nothing ends a UDP flow: without this its packets would go on to the old target.
            Options = translation.Protocol == LoadBalancer.ProtocolValue.Udp ? StringMap.Of(("ct_flush", "true")) : StringMap.Empty,
        };
        return
        [
            new(
                new(VpcRows.OwnerOf(context.Vpc), $"lb/{Kind}/{rule.Metadata.Name}"),
                row,
                [context.LoadBalancerSet]),
        ];
    }

    public override OvnDnatRule WithStatus(OvnDnatRule rule, RuleState state) => rule with
    {
        Status = new()
        {
            Ready = state.Ready,
            Vpc = state.Vpc,
            V4Eip = state.Translation?.V4Eip,
            V6Eip = state.Translation?.V6Eip,
            ExternalPort = state.Translation is null ? null : Text(state.Translation.ExternalPort),
            V4Ip = state.Translation?.V4,
            V6Ip = state.Translation?.V6,
            InternalPort = state.Translation is null ? null : Text(state.Translation.InternalPort),
            Protocol = state.Translation?.Protocol,
            IpName = state.Translation is null ? null : AddressText.OrNull(rule.Spec.IpName),
            Accepted = rule.Status?.Accepted ?? (state.Ready ? rule.WrittenSpec : null),
            Conditions = state.Conditions,
        },
    };

    public override OvnDnatRule WithMetadata(OvnDnatRule rule, ObjectMeta metadata) => rule with { Metadata = metadata };

    public override IEnumerable<(string Key, string Value)> Labels(Translation translation) =>
        [(Names.Labels.VpcDnatExternalPort, Text(translation.ExternalPort))];

    private static string? Protocol(string? text)
    {
        var protocol = text?.ToLowerInvariant();
        return protocol is LoadBalancer.ProtocolValue.Tcp or LoadBalancer.ProtocolValue.Udp or LoadBalancer.ProtocolValue.Sctp
            ? protocol
            : null;
    }

    private static ushort? Port(string? text) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    private static Refusal NoPort(string field, string? text) => new(Reasons.InvalidSpec, $"{field}: \"{text}\" is not a port, 1 to 65535");

    private static string Text(ushort port) => port.ToString(CultureInfo.InvariantCulture);
}
