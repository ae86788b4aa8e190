using System.Globalization;
using Sluice.Api;
using Sluice.Ko.Reading;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Vpcs;

namespace Sluice.Ko.Explaining;

/// <summary>The nodes that carry the external port of a router, and their chassis.</summary>
internal static class GatewaySteps
{
    /// <param name="routerPort">Name of the port.</param>
    public static IEnumerable<Step> Of(Survey survey, string routerPort)
    {
        GatewayNode[] nodes = [.. survey.Objects.GatewayNodes.OrderBy(node => node.Name, StringComparer.Ordinal)];
        if (nodes.Length == 0)
        {
            yield return new(
                Layer.GatewayNode, nameof(Node), "(none)", StepState.Broken, $"no node has the label {Names.Labels.ExternalGateway}=true");
            yield break;
        }

        // One that works is enough: OVN moves the port there.
        var problems = nodes.Select(node => Problem(survey, node)).ToArray();
        var state = problems.All(problem => problem is not null) ? StepState.Broken : StepState.Warning;
        foreach (var (node, problem) in nodes.Zip(problems))
        {
            yield return problem is not null
                ? new(Layer.GatewayNode, nameof(Node), node.Name, state, problem)
                : new(Layer.GatewayNode, nameof(Node), node.Name, StepState.Ok, Role(survey, node, routerPort));
        }
    }

    private static string? Problem(Survey survey, GatewayNode node)
    {
        if (string.IsNullOrEmpty(node.Chassis))
            return $"gateway Node {node.Name} has no annotation {Names.Annotations.Chassis}: its agent has not announced its chassis";
        if (survey.Southbound.ChassisByName(node.Chassis) is null)
            return $"chassis {node.Chassis} of gateway Node {node.Name} is not in the southbound database: its ovn-controller is down";
        return node.Ready ? null : $"gateway Node {node.Name} is not ready";
    }

    private static string Role(Survey survey, GatewayNode node, string routerPort)
    {
        var priority = survey.Northbound.ByName<GatewayChassis>($"{routerPort}-{node.Chassis}")?.Row.Priority;
        var active = survey.Southbound.PortBinding(RedirectPort(routerPort)) is { } binding && survey.Southbound.ChassisOf(binding)?.Name == node.Chassis;
        return string.Create(CultureInfo.InvariantCulture, $"gateway, chassis {node.Chassis}, priority {priority?.ToString(CultureInfo.InvariantCulture) ?? "none"}{(active ? ", active" : "")}");
    }

    /// <summary>The southbound port that is where a distributed gateway port is, see <c>chassisredirect</c> in ovn-sb(5).</summary>
    public static string RedirectPort(string routerPort) => $"cr-{routerPort}";
}
