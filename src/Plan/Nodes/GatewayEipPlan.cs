using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Plan.Nodes;

/// <summary>
/// The OvnEip of type lsp that each gateway node has when the controller is told to care for them: without it a person makes one for
/// each node, under the node's name.
/// </summary>
public static class GatewayEipPlan
{
    /// <param name="name">Of the node, which need not exist any more.</param>
    /// <param name="eip">The OvnEip of that name; null when there is none.</param>
    /// <param name="externalSubnet">Where its address is to be from.</param>
    /// <param name="isEnabled">Whether gateway nodes get one by themselves.</param>
    /// <returns>The OvnEip to create or the one to delete, if any. One that a person made is left alone.</returns>
    public static (OvnEip? Create, OvnEip? Delete) For(string name, Node? node, OvnEip? eip, string externalSubnet, bool isEnabled)
    {
        var isGateway = node is { Metadata.IsDeleting: false } && node.Metadata.Label(Names.Labels.ExternalGateway) == "true";
        if (isEnabled && isGateway)
            return (eip is null ? New(node!, externalSubnet) : null, null);
        return (null, eip is { Metadata.IsDeleting: false } && IsAutomatic(eip) ? eip : null);
    }

    private static bool IsAutomatic(OvnEip eip) =>
        eip.Metadata.OwnerReferences?.Any(owner => owner.Kind == nameof(Node) && owner.Name == eip.Metadata.Name) ?? false;

    private static OvnEip New(Node node, string externalSubnet) => new()
    {
        Metadata = new()
        {
            Name = node.Metadata.Name,
            OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = nameof(Node), Name = node.Metadata.Name, Uid = node.Metadata.Uid ?? "" }],
        },
        Spec = new() { ExternalSubnet = externalSubnet, Type = EipTypes.Lsp },
    };
}
