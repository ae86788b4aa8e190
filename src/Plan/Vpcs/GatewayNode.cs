using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Plan.Vpcs;

/// <summary>A node that is labelled as external gateway.</summary>
/// <param name="Chassis">Name of its OVN chassis; null until the node's agent announced it.</param>
/// <param name="Ready">False when the node is known not to be ready; its chassis is then the last choice, and no next hop.</param>
public sealed record GatewayNode(string Name, string? Chassis, bool Ready)
{
    /// <summary>That of the Node, where its agent says which provider networks work there.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>The gateways among nodes.</summary>
    public static IEnumerable<GatewayNode> Of(IEnumerable<Node> nodes) =>
        from node in nodes
        where !node.Metadata.IsDeleting && node.Metadata.Label(Names.Labels.ExternalGateway) == "true"
        select new GatewayNode(node.Metadata.Name, node.Metadata.Annotation(Names.Annotations.Chassis), IsReady(node)) { Metadata = node.Metadata };

    /// <summary>A node that nobody reports on is taken to be ready.</summary>
    private static bool IsReady(Node node) => node.IsReady || node.Status.Conditions?.Any(condition => condition.Type == "Ready") != true;
}
