using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.ProviderNetworks;

/// <summary>What becomes of the spec of a ProviderNetwork that a user wrote, see docs/design/0012.</summary>
/// <param name="InForce">The spec that is in force once this is stored.</param>
/// <param name="Refusal">Why the written spec does not come into force; null when it does.</param>
public sealed record ProviderNetworkEdit(ProviderNetworkSpec? InForce, NetworkRefusal? Refusal)
{
    public static ProviderNetworkEdit Of(ProviderNetworkInput input)
    {
        var network = input.ProviderNetwork;
        var accepted = network.Status?.Accepted;
        if (network.Metadata.IsDeleting || network.WrittenSpec == accepted)
            return new(accepted, null);

        var refusal = accepted is null ? null : Disruption(network, (ProviderNetwork)network.AsWritten(), input.Nodes, input.Occupied, input.OnNodes);
        return refusal is null ? new(network.WrittenSpec, null) : new(accepted, refusal);
    }

    /// <summary>
    /// What the edit would take away from whoever uses the network: its NIC from a node that is a gateway or has pods. Null when nothing, or
    /// when an operator says that it may.
    /// </summary>
    /// <param name="inForce">The network as it is served.</param>
    /// <param name="written">As it is asked to be.</param>
    /// <param name="nodes">All nodes.</param>
    /// <param name="occupied">See <see cref="ProviderNetworkInput.Occupied"/>.</param>
    /// <param name="onNodes">See <see cref="ProviderNetworkInput.OnNodes"/>.</param>
    internal static NetworkRefusal? Disruption(
        ProviderNetwork inForce,
        ProviderNetwork written,
        IEnumerable<Node> nodes,
        IReadOnlyCollection<AddressUser> occupied,
        IReadOnlyDictionary<string, IReadOnlyCollection<AddressUser>> onNodes)
    {
        if (occupied.Count == 0 || Disruptions.AreAllowed(written.Metadata))
            return null;
        foreach (var node in nodes.OrderBy(node => node.Metadata.Name, StringComparer.Ordinal))
        {
            if (!ProviderNetworkPlan.Includes(inForce, node) || Loss(inForce, written, node) is not { } loss)
                continue;
            if (Holder(node, onNodes) is { } holder)
                return new(ProviderNetworkReasons.InUse, $"{loss} while {AddressUser.Describe(occupied)} is in use and {holder}");
        }
        return null;
    }

    /// <summary>The NIC that a network names for a node; null when it names none.</summary>
    public static string? NicOf(ProviderNetworkSpec spec, string node) => Custom(spec, node)?.Interface ?? spec.DefaultInterface;

    /// <summary>The field, and what it would do to a node; null when nothing.</summary>
    private static string? Loss(ProviderNetwork inForce, ProviderNetwork written, Node node)
    {
        var (name, old, spec) = (node.Metadata.Name, inForce.Spec, written.Spec);
        if (!ProviderNetworkPlan.Includes(written, node))
            return $"{(spec.NodeSelector is null ? "spec.excludeNodes" : "spec.nodeSelector")}: Node \"{name}\" cannot leave";

        // What does not work yet may be put right.
        if (node.Metadata.Label(Names.Labels.ProviderNetworkReady(inForce.Metadata.Name)) != "true")
            return null;
        var (oldNic, nic) = (NicOf(old, name), NicOf(spec, name));
        if (oldNic != nic)
        {
            var field = Custom(old, name) is null && Custom(spec, name) is null ? "spec.defaultInterface" : "spec.customInterfaces";
            return $"{field}: cannot change from \"{oldNic}\" to \"{nic}\" on Node \"{name}\"";
        }
        return (old.ExchangeLinkName == true) == (spec.ExchangeLinkName == true)
            ? null
            : $"spec.exchangeLinkName: cannot change on Node \"{name}\"";
    }

    private static CustomInterface? Custom(ProviderNetworkSpec spec, string node) =>
        (spec.CustomInterfaces ?? []).FirstOrDefault(entry => (entry.Nodes ?? []).Contains(node, StringComparer.Ordinal));

    /// <summary>What on a node needs the network, as the end of a message; null when nothing does.</summary>
    private static string? Holder(Node node, IReadOnlyDictionary<string, IReadOnlyCollection<AddressUser>> onNodes)
    {
        if (node.Metadata.Label(Names.Labels.ExternalGateway) == "true")
            return "the node is an external gateway";
        return onNodes.TryGetValue(node.Metadata.Name, out var users) && users.Count > 0 ? $"the node has {AddressUser.Describe(users)}" : null;
    }
}
