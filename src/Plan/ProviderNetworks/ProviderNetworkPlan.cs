using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.ProviderNetworks;

/// <summary>All that the plan of a ProviderNetwork depends on.</summary>
public sealed record ProviderNetworkInput
{
    public required ProviderNetwork ProviderNetwork { get; init; }

    /// <summary>All nodes.</summary>
    public ImmutableArray<Node> Nodes { get; init; } = [];

    /// <summary>What the agents of nodes say is wrong, by node.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The Vlans that name it, deleting ones included.</summary>
    public ImmutableArray<Vlan> Vlans { get; init; } = [];

    /// <summary>The subnets on those Vlans that something has addresses of; only while the written spec is not in force.</summary>
    public ImmutableArray<AddressUser> Occupied { get; init; } = [];

    /// <summary>What has addresses on each node, the node itself apart; only while the written spec is not in force.</summary>
    public IReadOnlyDictionary<string, IReadOnlyCollection<AddressUser>> OnNodes { get; init; } =
        ImmutableDictionary<string, IReadOnlyCollection<AddressUser>>.Empty;
}

/// <summary>
/// What a ProviderNetwork should say. Nodes report through their labels. Our finalizer keeps one that Vlans are on, for nodes take their NIC
/// out of the bridge when it is gone.
/// </summary>
public sealed record ProviderNetworkPlan(Change<ProviderNetwork> Change)
{
    public static ProviderNetworkPlan For(ProviderNetworkInput input)
    {
        var network = input.ProviderNetwork;
        if (network.Metadata.IsDeleting && input.Vlans.IsEmpty)
            return new(new Change<ProviderNetwork>(network, network with { Metadata = network.Metadata.WithoutFinalizer() }));

        var edit = ProviderNetworkEdit.Of(input);
        var nodes = input.Nodes.Where(node => Includes(network, node)).OrderBy(node => node.Metadata.Name, StringComparer.Ordinal).ToList();
        var missing = nodes.Where(node => !IsReadyOn(input, node)).Select(node => node.Metadata.Name).ToValueList();
        var status = new ProviderNetworkStatus
        {
            Ready = missing.Count == 0 && edit.Refusal is null,
            ReadyNodes = nodes.Where(node => IsReadyOn(input, node)).Select(node => node.Metadata.Name).ToValueList(),
            NotReadyNodes = missing,
            Vlans = input.Vlans.Select(vlan => vlan.Metadata.Name).Order(StringComparer.Ordinal).ToValueList(),
            Accepted = edit.InForce,
            Conditions = ConditionsOf(input, nodes, missing, edit.Refusal),
        };
        var metadata = network.Metadata.IsDeleting ? network.Metadata : network.Metadata.WithFinalizer();
        return new(new Change<ProviderNetwork>(network, network with { Metadata = metadata, Status = status }));
    }

    /// <summary>Whether a node takes part: what nodeSelector selects, else all but excludeNodes.</summary>
    public static bool Includes(ProviderNetwork network, Node node) => Includes(network, node.Metadata.Name, node.Metadata.Labels);

    /// <inheritdoc cref="Includes(ProviderNetwork, Node)"/>
    public static bool Includes(ProviderNetwork network, string node, IReadOnlyDictionary<string, string>? labels) =>
        network.Spec.NodeSelector is { } selector ? selector.Matches(labels) : !(network.Spec.ExcludeNodes ?? []).Contains(node);

    /// <summary>The node's label says that packets pass. Its network is not as it should be all the same while its agent has something to complain of.</summary>
    private static bool IsReadyOn(ProviderNetworkInput input, Node node) =>
        node.Metadata.Label(Names.Labels.ProviderNetworkReady(input.ProviderNetwork.Metadata.Name)) == "true"
        && !input.Errors.ContainsKey(node.Metadata.Name);

    private static ValueList<Condition> ConditionsOf(
        ProviderNetworkInput input, List<Node> nodes, ValueList<string> missing, NetworkRefusal? refusal)
    {
        var network = input.ProviderNetwork;
        var (reason, message) = missing.Count == 0
            ? (ProviderNetworkReasons.Succeeded, null)
            : (ProviderNetworkReasons.Failed, $"the bridge does not work on {string.Join(", ", missing)}");
        if (network.Metadata.IsDeleting)
        {
            AddressUser[] users = [.. input.Vlans.Select(vlan => new AddressUser(nameof(Vlan), vlan.Metadata.Name, vlan.Metadata.IsDeleting))];
            var kept = AddressUser.KeptBy(users);
            (reason, message) = (ProviderNetworkReasons.InUse, message is null ? kept : $"{kept}; {message}");
        }
        if (refusal is not null)
            (reason, message) = (refusal.Reason, refusal.WithConsequence);
        var conditions = new List<Condition>(nodes.Count + 2)
        {
            new()
            {
                Type = ConditionTypes.Ready,
                Status = missing.Count == 0 && refusal is null ? ConditionStatus.True : ConditionStatus.False,
                Reason = reason,
                Message = message,
                ObservedGeneration = network.Metadata.Generation,
            },
        };
        if (refusal is not null)
        {
            conditions.Insert(0, new()
            {
                Type = ConditionTypes.Validated,
                Status = ConditionStatus.False,
                Reason = refusal.Reason,
                Message = refusal.Message,
                ObservedGeneration = network.Metadata.Generation,
            });
        }
        foreach (var node in nodes)
        {
            var ready = IsReadyOn(input, node);
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

    /// <summary>The ProviderNetwork is being deleted, or is to leave a node or a NIC, but others are still on it.</summary>
    public const string InUse = nameof(InUse);
}
