using Sluice.Api;
using Sluice.Ko.Reading;
using Sluice.Kube.Core;

namespace Sluice.Ko.Explaining;

/// <summary>Looks at everything that addresses rest on, whether an address asks for it or not. Pure.</summary>
internal static class Diagnosis
{
    /// <summary>The controller, all nodes, subnets and VPCs.</summary>
    public static Explanation OfAll(Survey survey) => new("Cluster", "as a whole",
    [
        RowSteps.Controller(survey),
        .. survey.Objects.Nodes.All.Select(node => Node(survey, node)),
        .. survey.Objects.Subnets.All.SelectMany(subnet => Subnet(survey, subnet)).Distinct(),
        .. survey.Objects.Vpcs.All.Select(vpc => Vpc(survey, vpc)),
    ]);

    /// <summary>A node and how provider networks fare there.</summary>
    /// <exception cref="KoException">There is no such node.</exception>
    public static Explanation OfNode(Survey survey, string name)
    {
        var node = survey.Objects.Nodes.Find(name) ?? throw new KoException($"there is no Node {name}");
        var port = Names.NodePort(name);
        return new(nameof(Kube.Core.Node), name,
        [
            Node(survey, node),
            .. survey.Objects.ProviderNetworks.All.Select(network => ExternalNetwork.OnNode(survey.Objects, network, node)),
            RowSteps.Binding(survey, port),
        ]);
    }

    /// <summary>A subnet with what is below it.</summary>
    public static Explanation OfSubnet(Survey survey, string name) =>
        new(nameof(Api.Subnet), name, [.. ExternalNetwork.Of(survey, name, "this command", null), RowSteps.Controller(survey)]);

    private static Step Node(Survey survey, Node node)
    {
        var (name, chassis) = (node.Metadata.Name, node.Metadata.Annotation(Names.Annotations.Chassis));
        var problem = string.IsNullOrEmpty(chassis) ? $"Node {name} has no annotation {Names.Annotations.Chassis}: its agent has not announced its chassis"
            : survey.Southbound.ChassisByName(chassis) is null ? $"chassis {chassis} of Node {name} is not in the southbound database: its ovn-controller is down"
            : !node.IsReady ? $"Node {name} is not ready"
            : null;
        return new(Layer.GatewayNode, nameof(Node), name, problem is null ? StepState.Ok : StepState.Broken, problem ?? $"chassis {chassis}");
    }

    private static IEnumerable<Step> Subnet(Survey survey, Subnet subnet) => ExternalNetwork.Of(survey, subnet.Metadata.Name, "this command", null);

    private static Step Vpc(Survey survey, Vpc vpc)
    {
        var forecast = VpcForecast.For(survey, vpc.Metadata.Name);
        var problem = forecast.Vpc?.Status?.Conditions.Find(ConditionTypes.Ready) is { Status: not ConditionStatus.True } ready ? ready.Message ?? ready.Reason
            : forecast.Rows is [var row, ..] ? row.ToString()
            : null;
        return new(Layer.Router, nameof(Vpc), vpc.Metadata.Name, problem is null ? StepState.Ok : StepState.Broken, problem ?? $"router {vpc.Metadata.Name} is as planned");
    }
}
