using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;

namespace Sluice.Plan.ProviderNetworks;

/// <summary>All that the plan of a ProviderNetwork depends on.</summary>
public sealed record ProviderNetworkInput
{
    public required ProviderNetwork ProviderNetwork { get; init; }

    /// <summary>All nodes.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    /// <summary>What the agents of nodes say is wrong, by node.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The Vlans that name it.</summary>
    public ImmutableArray<Vlan> Vlans { get; init; } = [];
}

/// <summary>What a ProviderNetwork should say. Nodes report through their labels.</summary>
public sealed record ProviderNetworkPlan(Change<ProviderNetwork> Change)
{
    public static ProviderNetworkPlan For(ProviderNetworkInput input)
    {
        var network = input.ProviderNetwork;
        var nodes = input.Nodes.Where(node => Includes(network, node)).OrderBy(node => node.Metadata.Name, StringComparer.Ordinal).ToList();
        var missing = nodes.Where(node => !IsReadyOn(network, node)).Select(node => node.Metadata.Name).ToValueList();
        var status = new ProviderNetworkStatus
        {
            Ready = missing.Count == 0,
            ReadyNodes = nodes.Where(node => IsReadyOn(network, node)).Select(node => node.Metadata.Name).ToValueList(),
            NotReadyNodes = missing,
            Vlans = input.Vlans.Select(vlan => vlan.Metadata.Name).Order(StringComparer.Ordinal).ToValueList(),
            Conditions = ConditionsOf(input, nodes, missing),
        };
        return new(new Change<ProviderNetwork>(network, network with { Status = status }));
    }

    /// <summary>Whether a node takes part: what nodeSelector selects, else all but excludeNodes.</summary>
    public static bool Includes(ProviderNetwork network, Node node) => network.Spec.NodeSelector is { } selector
        ? selector.Matches(node.Metadata.Labels)
        : !(network.Spec.ExcludeNodes ?? []).Contains(node.Metadata.Name);

    private static bool IsReadyOn(ProviderNetwork network, Node node) =>
        node.Metadata.Label(Names.Labels.ProviderNetworkReady(network.Metadata.Name)) == "true";

    private static ValueList<Condition> ConditionsOf(ProviderNetworkInput input, List<Node> nodes, ValueList<string> missing)
    {
        var network = input.ProviderNetwork;
        var conditions = new List<Condition>(nodes.Count + 1)
        {
            new()
            {
                Type = ConditionTypes.Ready,
                Status = missing.Count == 0 ? ConditionStatus.True : ConditionStatus.False,
                Reason = missing.Count == 0 ? ProviderNetworkReasons.Succeeded : ProviderNetworkReasons.Failed,
                Message = missing.Count == 0 ? null : $"the bridge does not work on {string.Join(", ", missing)}",
                ObservedGeneration = network.Metadata.Generation,
            },
        };
        foreach (var node in nodes)
        {
            var ready = IsReadyOn(network, node);
            conditions.Add(new()
            {
                Type = ConditionTypes.Ready,
                Node = node.Metadata.Name,
                Status = ready ? ConditionStatus.True : ConditionStatus.False,
                Reason = ready ? ProviderNetworkReasons.Succeeded : ProviderNetworkReasons.Failed,
                Message = ready ? null : input.Errors.GetValueOrDefault(node.Metadata.Name, "the node's agent has not reported yet"),
                ObservedGeneration = network.Metadata.Generation,
            });
        }
        return conditions.ToValueList();
    }
}

/// <summary>Reasons of the conditions of a ProviderNetwork.</summary>
public static class ProviderNetworkReasons
{
    public const string Succeeded = "InitOVSBridgeSucceeded";
    public const string Failed = "InitOVSBridgeFailed";
}
