using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The public addresses that pods of the default VPC ask for by annotation: rows of their own, like those of a FIP and of a SNAT rule. The
/// address of <c>eip</c> is the pod's alone; several pods may leave with the same address of <c>snat</c>. What a pod sends has one address:
/// that of a rule, whichever was there first, else that of <c>eip</c>, else that of <c>snat</c>.
/// </summary>
internal sealed class PodNatPlan
{
    private readonly VpcInput _input;
    private readonly RuleContext _context;
    private readonly EipContest _contest;
    private readonly ExternalConnection? _connection;
    private readonly Lazy<Sharing> _sharing;
    private readonly Dictionary<IpAddress, (string Pod, bool IsEip)> _claims = [];
    private readonly List<DesiredRow> _rows = [];
    private readonly List<(Translation, string)> _served = [];
    private readonly List<PodRefusal> _refusals = [];

    private PodNatPlan(
        VpcInput input, RuleContext context, EipContest contest, ImmutableArray<ExternalConnection> connections, RuleDecisions rules)
    {
        (_input, _context, _contest) = (input, context, contest);
        _connection = connections.FirstOrDefault(connection => connection.Subnet == input.Settings.DefaultExternalSubnet);
        _sharing = new(() => new(rules.DnatRules, rules.SnatRules));
    }

    public IReadOnlyList<DesiredRow> Rows => _rows;

    /// <summary>What is translated, with the name of the pod.</summary>
    public IReadOnlyList<(Translation Translation, string Name)> Served => _served;

    /// <summary>What pods ask for and do not get.</summary>
    public ImmutableArray<PodRefusal> Refusals => [.. _refusals];

    /// <param name="contest">With the claims of the VPC's rules.</param>
    public static PodNatPlan For(
        VpcInput input, RuleContext context, EipContest contest, ImmutableArray<ExternalConnection> connections, RuleDecisions rules)
    {
        var plan = new PodNatPlan(input, context, contest, connections, rules);
        foreach (var pod in AnnotatedPod.Oldest(input.Pods)) plan.Add(pod);
        return plan;
    }

    private void Add(AnnotatedPod pod)
    {
        var keys = PodAnnotations.Default;
        var eip = Decide(pod, keys.Eip, pod.Eip, isEip: true);
        var snat = Decide(pod, keys.Snat, pod.Snat, isEip: false);
        if (eip is not null)
        {
            var distributed = IsDistributed(eip);
            Serve(pod, "eip", eip, (external, inner) => new Nat
            {
                Type = Nat.TypeValue.DnatAndSnat,
                ExternalIp = external,
                LogicalIp = inner,
                LogicalPort = distributed ? eip.PodPort : null,
                ExternalMac = distributed ? eip.PodMac : null,
                Options = FipPlan.Stateful,
            });
        }
        if (snat is null || WithoutFamiliesOf(eip, snat, pod) is not { } rest) return;
        Serve(pod, "snat", rest, (external, inner) => new Nat { Type = Nat.TypeValue.Snat, ExternalIp = external, LogicalIp = inner });
    }

    /// <summary>
    /// What is left of <paramref name="snat"/> in families that <paramref name="eip"/> does not have, whose row translates what the pod sends,
    /// too; null when nothing is.
    /// </summary>
    private Translation? WithoutFamiliesOf(Translation? eip, Translation snat, AnnotatedPod pod)
    {
        if (eip is null) return snat;

        if (eip.V4Eip is not null)
        {
            if (snat.V4Eip is { } v4 && v4 != eip.V4Eip) RefuseBeside(eip.V4Eip, v4, pod);
            snat = snat with { V4 = null, V4Eip = null };
        }
        if (eip.V6Eip is not null)
        {
            if (snat.V6Eip is { } v6 && v6 != eip.V6Eip) RefuseBeside(eip.V6Eip, v6, pod);
            snat = snat with { V6 = null, V6Eip = null };
        }
        return snat is { V4: null, V6: null } ? null : snat;
    }

    private void RefuseBeside(string eip, string snat, AnnotatedPod pod)
    {
        var keys = PodAnnotations.Default;
        _refusals.Add(new(pod.Name, new Refusal(Reasons.Conflict, $"{snat} is not used: what the pod sends has {eip} by {keys.Eip}").In(keys.Snat)));
    }

    private void Serve(AnnotatedPod pod, string use, Translation translation, Func<string, string, Nat> row)
    {
        _rows.AddRange(NatRows.For("Pod", $"{pod.Name}/{use}", translation, _context, row));
        _served.Add((translation, $"Pod {pod.Name}"));
    }

    private bool IsDistributed(Translation eip) =>
        _context.FipType == GatewayTypes.Distributed && eip.PodMac is not null && _sharing.Value.Of(eip) is null;

    private Translation? Decide(AnnotatedPod pod, string key, string? text, bool isEip)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        if (Read(pod, text, isEip, out var translation) is not { } refusal) return translation;
        _refusals.Add(new(pod.Name, refusal.In(key)));
        return null;
    }

    private Refusal? Read(AnnotatedPod pod, string text, bool isEip, out Translation? translation)
    {
        translation = null;
        if (!DualStack<IpAddress>.TryParse(text, out var wanted)) return new(Reasons.InvalidSpec, $"\"{text}\" is not an address");
        if (!pod.IsServed(_input.Settings))
        {
            return new(Reasons.NotSupported, $"only for pods behind the router of Vpc \"{_input.Settings.DefaultVpc}\"; others have OvnFip and OvnSnatRule");
        }
        var lost = Claim(pod, wanted, isEip);
        if (_context.UnservedSubnets.FirstOrDefault(subnet => subnet.Name == pod.Subnet.Metadata.Name) is { } unserved) return unserved.Refusal;
        if (Connection() is { } refusal) return refusal;

        var (v4, v6) = (AddressText.Address(pod.Ip.Spec.V4IpAddress, IpFamily.V4), AddressText.Address(pod.Ip.Spec.V6IpAddress, IpFamily.V6));
        foreach (var address in wanted.ToArray())
        {
            var isV4 = address.Family == IpFamily.V4;
            if ((isV4 ? v4 : v6) is null) return new(Reasons.FamilyMismatch, $"the pod has no {(isV4 ? "IPv4" : "IPv6")} address for {address}");
            if (Check(address) is { } unusable) return unusable;
        }
        if ((lost ?? CheckRules(wanted.V4, v4) ?? CheckRules(wanted.V6, v6)) is { } refused) return refused;

        translation = new()
        {
            Eip = "",
            ExternalSubnet = _connection!.Subnet,
            V4Eip = wanted.V4?.ToString(),
            V4 = wanted.V4 is null ? null : v4,
            V6Eip = wanted.V6?.ToString(),
            V6 = wanted.V6 is null ? null : v6,
            PodPort = pod.Ip.Metadata.Name,
            PodMac = AddressText.OrNull(pod.Ip.Spec.MacAddress),
        };
        return null;
    }

    /// <summary>Claims count from the moment they are made, whether they can be served or not.</summary>
    private Refusal? Claim(AnnotatedPod pod, DualStack<IpAddress> wanted, bool isEip)
    {
        Refusal? lost = null;
        foreach (var address in wanted.ToArray())
        {
            if (_claims.TryGetValue(address, out var first) && first.Pod != pod.Name && (isEip || first.IsEip))
            {
                lost ??= new(Reasons.Conflict, $"{address} is taken by Pod {first.Pod}, which came first");
            }
            _claims.TryAdd(address, (pod.Name, isEip));
        }
        return lost;
    }

    /// <summary>Why what the pod sends has the address of a rule; null when no rule is about it. Unlike annotations, rules are an operator's.</summary>
    private Refusal? CheckRules(IpAddress? wanted, string? source) =>
        wanted is not null && _contest.OldestOn(_connection!.Subnet, source!) is { } rule
            ? new(Reasons.Conflict, $"{wanted} is not used: what {source} sends has OvnEip \"{rule.Eip}\" by {rule.Kind} \"{rule.Rule}\"")
            : null;

    private Refusal? Connection() => _connection switch
    {
        null => new(
            Reasons.NotConnected, $"Vpc \"{_input.Name}\" has no external network: there is no ConfigMap {ExternalGatewayConfig.Name}"),
        { Refusal: { } refusal } => refusal with { Message = $"Vpc \"{_input.Name}\": {refusal.Message}" },
        _ => null,
    };

    /// <summary>Why nobody can have an address; null when somebody can.</summary>
    private Refusal? Check(IpAddress address)
    {
        var gateway = address.Family == IpFamily.V4 ? _connection!.V4Gateway : _connection!.V6Gateway;
        if (gateway is null) return new(Reasons.FamilyMismatch, $"{address} is of a family that the port of the VPC does not have");
        if (_input.TakenAddresses.TryGetValue(address, out var taken)) return taken;
        if (!_connection.IsBare) return null;

        var config = _input.Settings.Gateway!;
        var network = config.NicNetworks[address.Family]!.Value;
        if (!network.Usable.Contains(address)) return new(Reasons.InvalidSpec, $"{address} is not a host address of {network}");
        return address == config.NicAddresses[address.Family] || address == config.NextHops[address.Family]
            ? new(Reasons.Conflict, $"{address} is that of a router")
            : null;
    }
}

/// <summary>Why a pod does not have an address that it asks for.</summary>
/// <param name="Pod">NAMESPACE/NAME.</param>
/// <param name="Refusal">Names the annotation.</param>
public sealed record PodRefusal(string Pod, Refusal Refusal);
