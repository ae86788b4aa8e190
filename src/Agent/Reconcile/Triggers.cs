using Sluice.Agent.Attachments;
using Sluice.Agent.Egress;
using Sluice.Agent.GatewayPorts;
using Sluice.Agent.Netlink;
using Sluice.Agent.NodePorts;
using Sluice.Agent.Nodes;
using Sluice.Agent.Ovs;
using Sluice.Agent.ProviderNetworks;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovsdb;

namespace Sluice.Agent.Reconcile;

/// <summary>Maps what changed to the keys that have to look at it. Handlers only enqueue.</summary>
internal sealed class Triggers(WorkQueue<AgentKey> queue, ProviderNetworkGatherer providerNetworks, LinkWatch links)
{
    private static readonly AgentKey Chassis = new(ChassisReconciler.KeyKind, "");
    private static readonly AgentKey NodePort = new(NodePortReconciler.KeyKind, "");
    private static readonly AgentKey GatewayPort = new(GatewayPortReconciler.KeyKind, "");
    private static readonly AgentKey Egress = new(EgressReconciler.KeyKind, "");
    private static readonly AgentKey Attachments = new(AttachmentSweeper.KeyKind, "");

    /// <summary>Everything, at start.</summary>
    public void All()
    {
        queue.Add(Chassis);
        queue.Add(NodePort);
        queue.Add(GatewayPort);
        queue.Add(Egress);
        queue.Add(Attachments);
        AllProviderNetworks();
    }

    public void NodeChanged(Node? old, Node? node)
    {
        queue.Add(Chassis);
        queue.Add(NodePort);
        AllProviderNetworks();
    }

    /// <summary>A provider network by name, whatever says something about it.</summary>
    public void ProviderNetwork(string name) => queue.Add(new AgentKey(ProviderNetworkReconciler.KeyKind, name));

    public void ProviderNetworkChanged(ProviderNetwork? old, ProviderNetwork? network) => ProviderNetwork((network ?? old)!.Metadata.Name);

    public void VlanChanged(Vlan? old, Vlan? vlan)
    {
        foreach (var name in new[] { old, vlan }.OfType<Vlan>().Select(providerNetworks.ProviderOf).Distinct())
            ProviderNetwork(name);
    }

    public void SubnetChanged(Subnet? old, Subnet? subnet)
    {
        queue.Add(NodePort);
        queue.Add(GatewayPort);
        queue.Add(Egress);
        foreach (var name in new[] { old, subnet }.OfType<Subnet>().SelectMany(providerNetworks.NetworksOf).Distinct())
            ProviderNetwork(name);
    }

    public void VpcChanged(Vpc? old, Vpc? vpc)
    {
        if (old is null || vpc is null || old.Spec.EnableBfd != vpc.Spec.EnableBfd || old.Metadata.IsDeleting != vpc.Metadata.IsDeleting)
            queue.Add(GatewayPort);
    }

    /// <summary>A node of the cluster, be it this one or another.</summary>
    public void PeerChanged(Node? old, Node? node)
    {
        if (old is null || node is null || !NodeAddresses.Of(old).SequenceEqual(NodeAddresses.Of(node)))
            queue.Add(Egress);
    }

    public void EipChanged(OvnEip? old, OvnEip? eip)
    {
        if (new[] { old, eip }.Any(item => item?.Spec.Type is EipTypes.Lrp or EipTypes.Lsp))
            queue.Add(GatewayPort);
    }

    public void LinkChanged(LinkEvent change)
    {
        foreach (var key in links.KeysFor(change))
            queue.Add(key);
    }

    /// <summary>Ports of pods come and go all the time and concern nobody here.</summary>
    public void OvsChanged(ReplicaDelta delta)
    {
        foreach (var change in delta.Changes)
        {
            switch (change.Table)
            {
                case "Open_vSwitch" when !SameConfiguration(change.Old, change.New):
                    queue.Add(Chassis);
                    queue.Add(NodePort);
                    queue.Add(GatewayPort);
                    AllProviderNetworks();
                    break;
                case "Bridge" when IsProviderBridge(change):
                    AllProviderNetworks();
                    break;
                case "Bridge" when change.Old is null || change.New is null:
                    queue.Add(NodePort);
                    queue.Add(GatewayPort);
                    AllProviderNetworks();
                    break;
                case "Port" when new OvsPort((change.New ?? change.Old)!).IsOurs:
                    AllProviderNetworks();
                    break;
                case "Interface" when new OvsInterface((change.New ?? change.Old)!).Name == NodePortPlan.LinkName:
                    queue.Add(NodePort);
                    break;
                case "Interface" when new OvsInterface((change.New ?? change.Old)!).Name == GatewayPortPlan.LinkName:
                    queue.Add(GatewayPort);
                    break;
            }
        }
    }

    /// <summary>The counters by which ovs-vsctl and ovn-controller wait for ovs-vswitchd change all the time.</summary>
    private static bool SameConfiguration(Row? old, Row? row) =>
        old is not null && row is not null && old["external_ids"].Equals(row["external_ids"]) && old["bridges"].Equals(row["bridges"]);

    private static bool IsProviderBridge(RowChange change) =>
        new[] { change.Old, change.New }.OfType<Row>().Any(row => new OvsBridge(row).IsOurs);

    private void AllProviderNetworks()
    {
        foreach (var name in providerNetworks.Names())
            ProviderNetwork(name);
    }
}
