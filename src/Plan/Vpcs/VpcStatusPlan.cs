using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>What the Vpc itself should say.</summary>
/// <param name="Problems">What of its spec is not done.</param>
/// <param name="Edit">What becomes of its written spec; null when there is no Vpc.</param>
internal sealed record VpcStatusPlan(
    VpcInput Input, ImmutableArray<ExternalConnection> Connections, ImmutableArray<string> Referrers, IReadOnlyList<Refusal> Problems, VpcEdit? Edit)
{
    private const int MaxNamed = 5;

    /// <summary>The change of the Vpc, or null when it says what it should.</summary>
    /// <param name="released">Whether nothing outside of the router is left of the VPC.</param>
    public Change<Vpc>? Change(VpcStage stage, Obstacles obstacles, bool released)
    {
        if (Input.Vpc is not { } vpc) return null;
        if (stage == VpcStage.Gone)
        {
            return vpc.Metadata.IsHeld() && released ? new(vpc, vpc with { Metadata = vpc.Metadata.WithoutFinalizer() }) : null;
        }
        // The write that brings the written spec into force brings the Vpc again.
        if (Edit!.Acceptance(vpc) is not null) return null;

        var accepted = ExternalSubnets.IsConnectedByConfig(Input.Name, Input.Settings) ? Input.Settings.Gateway!.Accepted : null;
        var metadata = vpc.Metadata.WithFinalizer().WithAnnotation(ExternalGatewayReader.AcceptedAnnotation, accepted);
        var desired = vpc with { Metadata = metadata, Status = Status(vpc, obstacles) };
        return desired.Equals(vpc) ? null : new(vpc, desired);
    }

    private VpcStatus Status(Vpc vpc, Obstacles obstacles)
    {
        var connected = Connections
            .Where(connection => connection.Refusal is null && obstacles.OfPort(Input.Name, connection.Subnet) is null)
            .Select(connection => connection.Subnet)
            .ToArray();
        var extras = connected.Where(subnet => subnet != Input.Settings.DefaultExternalSubnet).Order(StringComparer.Ordinal).ToValueList();
        var isDefault = Input.Name == Input.Settings.DefaultVpc;
        return new()
        {
            Standby = true,
            Default = isDefault,
            Router = Input.Name,
            DefaultLogicalSwitch = isDefault
                ? NamesOf(subnet => subnet.Spec.Default == true).FirstOrDefault()
                : AddressText.OrNull(vpc.Spec.DefaultSubnet),
            Subnets = NamesOf(subnet => !subnet.Metadata.IsDeleting && SubnetPorts.IsOvn(subnet)).ToValueList(),
            EnableExternal = connected.Length > 0,
            ExtraExternalSubnets = extras.Count > 0 ? extras : null,
            EnableBfd = vpc.Spec.EnableBfd == true && connected.Length > 0,
            Gateways = Gateways(connected),
            BfdSessions = BfdSessions(),
            Accepted = Edit!.InForce,
            Conditions = Conditions(vpc, obstacles),
        };
    }

    /// <summary>Where the external ports are active.</summary>
    private ValueList<VpcGateway>? Gateways(string[] connected)
    {
        var gateways = (
            from connection in Connections
            where connection.ActiveChassis is not null && connected.Contains(connection.Subnet)
            select new VpcGateway
            {
                Subnet = connection.Subnet,
                Port = connection.RouterPort,
                Node = Input.GatewayNodes.Where(node => node.Chassis == connection.ActiveChassis)
                    .Select(node => node.Name).Order(StringComparer.Ordinal).FirstOrDefault(),
                Chassis = connection.ActiveChassis,
            }).ToValueList();
        return gateways.Count > 0 ? gateways : null;
    }

    private ValueList<VpcBfdSession>? BfdSessions()
    {
        var sessions = (
            from session in Input.BfdSessions
            orderby session.Port, session.Peer
            select new VpcBfdSession
            {
                Port = session.Port,
                Peer = session.Peer,
                Node = Input.NodeEips.Where(eip => session.Peer == eip.Status?.V4Ip || session.Peer == eip.Status?.V6Ip)
                    .Select(eip => eip.Metadata.Name).Order(StringComparer.Ordinal).FirstOrDefault(),
                State = session.State,
            }).ToValueList();
        return sessions.Count > 0 ? sessions : null;
    }

    private ValueList<Condition> Conditions(Vpc vpc, Obstacles obstacles)
    {
        Refusal[] unwritten = [.. obstacles.All(ignored: NamesOf(subnet => subnet.Metadata.IsDeleting))];
        List<Refusal> problems = [.. Problems, .. unwritten];
        if (!Referrers.IsEmpty)
        {
            problems.Insert(0, new(Reasons.InUse, $"to be deleted once it is no longer used by {Shortened(Referrers)}"));
        }
        Condition[] refused = Edit!.Refusal is { } refusal ? [Condition(vpc, ConditionTypes.Validated, [refusal])] : [];
        return
        [
            .. refused,
            Condition(vpc, ConditionTypes.Ready, problems, IneffectiveFields.Message(IneffectiveFields.Of(vpc.Spec))),
            Condition(vpc, ConditionTypes.Programmed, unwritten),
        ];
    }

    internal static string Shortened(ImmutableArray<string> names) => names.Length <= MaxNamed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MaxNamed))} and {names.Length - MaxNamed} more";

    /// <param name="remark">What to say when there is no problem.</param>
    private static Condition Condition(Vpc vpc, string type, IReadOnlyList<Refusal> problems, string? remark = null)
    {
        var messages = problems.Select(problem => problem.Message).Distinct(StringComparer.Ordinal);
        return new()
        {
            Type = type,
            Status = problems.Count == 0 ? ConditionStatus.True : ConditionStatus.False,
            Reason = problems.Count == 0 ? Reasons.Programmed : problems[0].Reason,
            Message = problems.Count == 0 ? remark : string.Join("; ", messages),
            ObservedGeneration = vpc.Metadata.Generation,
        };
    }

    private IEnumerable<string> NamesOf(Func<Subnet, bool> condition) =>
        Input.Subnets.Where(condition).Select(subnet => subnet.Metadata.Name).Order(StringComparer.Ordinal);
}
