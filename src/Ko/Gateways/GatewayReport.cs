using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ko.Explaining;
using Sluice.Ko.Reading;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Ko.Gateways;

/// <summary>Who carries the external ports of routers. Pure.</summary>
internal static class GatewayReport
{
    /// <summary>All ports with gateway chassis, whoever wrote them, by router and name.</summary>
    public static ImmutableArray<GatewayPort> Of(Survey survey)
    {
        var nodes = survey.Objects.Nodes.All
            .Where(node => node.Metadata.Annotation(Names.Annotations.Chassis) is { Length: > 0 })
            .GroupBy(node => node.Metadata.Annotation(Names.Annotations.Chassis)!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Metadata.Name, StringComparer.Ordinal);
        return
        [
            .. from stored in survey.Northbound.All<LogicalRouterPort>()
               let port = stored.Row
               where port.GatewayChassis.Count > 0
               let vpc = port.ExternalIds["lr"] ?? stored.Id?.Owner.Name ?? ""
               orderby vpc, port.Name
               select new GatewayPort(vpc, port.Name, string.Join(',', port.Networks), Members(survey, port, nodes), Sessions(survey, port.Name)),
        ];
    }

    private static ImmutableArray<GatewayMember> Members(Survey survey, LogicalRouterPort port, Dictionary<string, string> nodes)
    {
        var binding = survey.Southbound.PortBinding(GatewaySteps.RedirectPort(port.Name));
        var active = binding is null ? null : survey.Southbound.ChassisOf(binding)?.Name;
        return
        [
            .. from reference in port.GatewayChassis
               let row = reference is RowRef.ByUuid(var uuid) ? survey.Northbound.Find<GatewayChassis>(uuid)?.Row : null
               where row is not null
               orderby row.Priority descending, row.ChassisName
               select new GatewayMember(
                   nodes.GetValueOrDefault(row.ChassisName), row.ChassisName, row.Priority,
                   survey.Southbound.ChassisByName(row.ChassisName) is not null, row.ChassisName == active),
        ];
    }

    private static ImmutableArray<GatewaySession> Sessions(Survey survey, string port) =>
    [
        .. survey.Southbound.BfdSessions
            .Where(session => session.LogicalPort == port)
            .OrderBy(session => session.DstIp, StringComparer.Ordinal)
            .Select(session => new GatewaySession(session.DstIp, session.Status)),
    ];
}
