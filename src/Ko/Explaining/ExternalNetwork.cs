using System.Globalization;
using Sluice.Api;
using Sluice.Ko.Reading;
using Sluice.Kube.Core;
using Sluice.Plan;
using Sluice.Plan.ProviderNetworks;
using Sluice.Plan.Subnets;

namespace Sluice.Ko.Explaining;

/// <summary>The external subnet of an address and what is below it: Vlan and provider network.</summary>
internal static class ExternalNetwork
{
    /// <param name="name">Name of the subnet.</param>
    /// <param name="namedBy">Who names it, for the message when it does not exist.</param>
    /// <param name="podNode">The node that must be on the network itself, because it translates; null when gateway nodes do.</param>
    public static IEnumerable<Step> Of(Survey survey, string name, string namedBy, string? podNode)
    {
        var objects = survey.Objects;
        if (objects.Subnets.Find(name) is not { } subnet)
        {
            yield return new(Layer.ExternalSubnet, nameof(Subnet), name, StepState.Broken, $"Subnet \"{name}\" does not exist; {namedBy} names it");
            yield break;
        }
        yield return SubnetStep(survey, subnet);
        if (string.IsNullOrEmpty(subnet.Spec.Vlan))
            yield break;

        if (objects.Vlans.Find(subnet.Spec.Vlan) is not { } vlan)
        {
            yield return new(
                Layer.Vlan, nameof(Vlan), subnet.Spec.Vlan, StepState.Broken, $"Vlan \"{subnet.Spec.Vlan}\" does not exist; spec.vlan of Subnet \"{name}\" names it");
            yield break;
        }
        yield return VlanStep(objects, vlan);

        var provider = VlanPlan.ProviderOf(vlan, objects.Controller.Subnets.DefaultProvider);
        yield return objects.ProviderNetworks.Find(provider) is { } network
            ? ProviderNetworkStep(objects, network, podNode)
            : new(
                Layer.ProviderNetwork, nameof(ProviderNetwork), provider, StepState.Broken,
                $"ProviderNetwork \"{provider}\" does not exist; spec.provider of Vlan \"{vlan.Metadata.Name}\" names it");
    }

    /// <summary>How a provider network fares on one node.</summary>
    public static Step OnNode(ClusterObjects objects, ProviderNetwork network, Node node)
    {
        var problem = Problem(network, Status(objects, network), node);
        var takesPart = ProviderNetworkPlan.Includes(network, node);
        return new(
            Layer.ProviderNetwork, nameof(ProviderNetwork), network.Metadata.Name,
            problem is null ? StepState.Ok : takesPart ? StepState.Broken : StepState.Warning,
            problem ?? $"bridge {Names.ProviderBridge(network.Metadata.Name)}");
    }

    private static Step SubnetStep(Survey survey, Subnet subnet)
    {
        // What is wrong with its Vlan is the Vlan's affair.
        var problem = SubnetForecast.For(survey, subnet).Outcome is Outcome.Blocked { Reason: not SubnetReasons.VlanInvalid } blocked ? blocked.Message : null;
        return new(
            Layer.ExternalSubnet, nameof(Subnet), subnet.Metadata.Name, problem is null ? StepState.Ok : StepState.Broken,
            problem ?? $"{subnet.Spec.CidrBlock}, gateway {subnet.Spec.Gateway}");
    }

    private static Step VlanStep(ClusterObjects objects, Vlan vlan)
    {
        var problem = SubnetForecast.For(objects, vlan) is Outcome.Blocked { Reason: VlanReasons.Conflict } blocked ? blocked.Message : null;
        return new(
            Layer.Vlan, nameof(Vlan), vlan.Metadata.Name, problem is null ? StepState.Ok : StepState.Broken,
            problem ?? string.Create(CultureInfo.InvariantCulture, $"tag {VlanPlan.TagOf(vlan)}"));
    }

    private static Step ProviderNetworkStep(ClusterObjects objects, ProviderNetwork network, string? podNode)
    {
        var name = network.Metadata.Name;
        var status = Status(objects, network);
        var problems = objects.Nodes.All
            .Select(node => (Node: node.Metadata.Name, Problem: Problem(network, status, node)))
            .Where(node => node.Problem is not null)
            .ToDictionary(node => node.Node, node => node.Problem!, StringComparer.Ordinal);

        string[] gateways = [.. objects.GatewayNodes.Select(gateway => gateway.Name)];
        if (podNode is not null && problems.TryGetValue(podNode, out var onPodNode))
            return Step(StepState.Broken, onPodNode);
        if (gateways.Length > 0 && gateways.All(problems.ContainsKey))
            return Step(StepState.Broken, string.Join("; ", gateways.Select(gateway => problems[gateway])));
        return problems.Count > 0
            ? Step(StepState.Warning, string.Join("; ", problems.OrderBy(problem => problem.Key, StringComparer.Ordinal).Select(problem => problem.Value)))
            : Step(StepState.Ok, $"bridge {Names.ProviderBridge(name)} on {string.Join(", ", status.ReadyNodes ?? [])}");

        Step Step(StepState state, string summary) => new(Layer.ProviderNetwork, nameof(ProviderNetwork), name, state, summary);
    }

    private static ProviderNetworkStatus Status(ClusterObjects objects, ProviderNetwork network) => ProviderNetworkPlan
        .For(new()
        {
            ProviderNetwork = network,
            Nodes = objects.Nodes.All,
            Errors = Errors(objects, network.Metadata.Name),
            Vlans = [.. objects.Vlans.All.Where(vlan => VlanPlan.ProviderOf(vlan, objects.Controller.Subnets.DefaultProvider) == network.Metadata.Name)],
        })
        .Change.Desired.Status ?? new();

    private static string? Problem(ProviderNetwork network, ProviderNetworkStatus status, Node node)
    {
        var name = node.Metadata.Name;
        if (!ProviderNetworkPlan.Includes(network, node))
            return $"Node {name} is not part of it, see spec.excludeNodes and spec.nodeSelector";
        return status.Conditions.Find(ConditionTypes.Ready, name) is { Status: not ConditionStatus.True } condition
            ? $"bridge {Names.ProviderBridge(network.Metadata.Name)} does not work on Node {name}: {condition.Message}"
            : null;
    }

    /// <summary>What agents say in annotations of their nodes or of their pods.</summary>
    private static Dictionary<string, string> Errors(ClusterObjects objects, string network)
    {
        var annotation = Names.Annotations.ProviderNetworkError(network);
        var reports = objects.Nodes.All.Select(node => (Node: (string?)node.Metadata.Name, node.Metadata))
            .Concat(objects.Pods.All.Select(pod => (Node: pod.Spec.NodeName, pod.Metadata)));
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (node, metadata) in reports)
        {
            if (node is not null && metadata.Annotation(annotation) is { Length: > 0 } message)
                errors.TryAdd(node, message);
        }
        return errors;
    }
}
