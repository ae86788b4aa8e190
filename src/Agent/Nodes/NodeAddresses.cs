using Sluice.Kube.Core;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Nodes;

/// <summary>The addresses by which the cluster's members reach a node.</summary>
internal static class NodeAddresses
{
    /// <summary>Those of type InternalIP that are addresses.</summary>
    public static IEnumerable<IpAddress> Of(Node node)
    {
        foreach (var text in node.Addresses("InternalIP"))
        {
            if (IpAddress.TryParse(text, out var address))
                yield return address;
        }
    }
}
