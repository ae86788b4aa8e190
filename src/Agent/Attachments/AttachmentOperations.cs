using Sluice.Agent.Ovs;
using Sluice.Cni.Wire;
using Sluice.Ovsdb;

namespace Sluice.Agent.Attachments;

/// <summary>What attachments are in the OVS database. Pure.</summary>
internal static class AttachmentOperations
{
    /// <summary>The external_ids of a pod's interface.</summary>
    public static Value Ids(AttachmentRequest request, PodNetwork network) => OvsOperations.Map(
    [
        (OvsIds.Vendor, OvsIds.KubeOvn),
        (OvsIds.IfaceId, network.IfaceId),
        (OvsIds.PodName, request.PodName),
        (OvsIds.PodNamespace, request.PodNamespace),
        (OvsIds.PodNetNs, request.NetNs),
        (OvsIds.Ip, string.Join(',', network.Addresses.Select(address => address.Address))),
        (OvsIds.ContainerId, request.ContainerId),
        (OvsIds.ContainerInterface, request.IfName),
        (OvsIds.CniNetwork, request.Network),
    ]);

    /// <summary>Whether the interface was made for exactly this; ovn-controller adds ids of its own.</summary>
    public static bool Fulfils(OvsInterface present, Value ids)
    {
        for (var i = 0; i < ids.Count; i++)
        {
            if (!present.ExternalIds.TryGet(ids.Keys[i], out var value) || value != ids.MapValues[i])
                return false;
        }
        return true;
    }

    /// <summary>Adds the port; others that claim the same logical port go in the same transaction, or ovn-controller would bind either.</summary>
    public static IReadOnlyList<Operation> Add(OvsSnapshot ovs, OvsBridge bridge, string name, string ifaceId, Value ids) =>
    [
        .. OvsOperations.AddPort(bridge, new OvsOperations.NewPort(name, "", ids)),
        .. Remove(ovs, ovs.InterfacesOfPort(ifaceId).Where(other => other.IsOurs && other.Name != name)),
    ];

    /// <summary>The interfaces of an attachment: by container, and by name for those that Kube-OVN made.</summary>
    public static IEnumerable<OvsInterface> Find(OvsSnapshot ovs, AttachmentId id)
    {
        var byName = ovs.Interface(HostLink.Name(id)) is { IsOurs: true } named ? [named] : Array.Empty<OvsInterface>();
        return ovs.InterfacesOfContainer(id.ContainerId)
            .Where(present => present.IsOurs && present.ExternalIds.Get(OvsIds.ContainerInterface) == id.IfName)
            .Concat(byName)
            .DistinctBy(present => present.Uuid);
    }

    /// <summary>Removes the ports of interfaces, each of which has its own.</summary>
    public static IEnumerable<Operation> Remove(OvsSnapshot ovs, IEnumerable<OvsInterface> interfaces) =>
        from present in interfaces
        let port = ovs.Port(present.Name)
        where port is not null
        let bridge = ovs.BridgeOf(port.Value)
        where bridge is not null
        select OvsOperations.RemovePort(bridge.Value, port.Value);
}
