using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller;

/// <summary>
/// Whether a change of an object concerns others, too. Most changes are our own reports in its status, or a node saying that it is alive.
/// </summary>
internal static class Relevance
{
    public static bool HasMoved(ProviderNetwork old, ProviderNetwork item) => IsAnother(old, item) || old.Spec != item.Spec;

    public static bool HasMoved(Vlan old, Vlan item) =>
        IsAnother(old, item) || old.Spec != item.Spec || (old.Status?.Accepted is null) != (item.Status?.Accepted is null);

    public static bool HasMoved(Subnet old, Subnet item) =>
        IsAnother(old, item)
        || old.Spec != item.Spec
        || (old.Status?.Accepted is null) != (item.Status?.Accepted is null)
        || SubnetPorts.IsRefused(old) != SubnetPorts.IsRefused(item);

    public static bool HasMoved(Vpc old, Vpc item) => IsAnother(old, item) || old.Spec != item.Spec;

    /// <summary>Whether pods of other namespaces than before may name the subnet; see <see cref="Plan.Ports.PodPermissions"/>.</summary>
    public static bool PermitsOthers(Subnet old, Subnet item) =>
        IsAnother(old, item)
        || old.Metadata.Annotation(Names.Annotations.PermittedNamespaces) != item.Metadata.Annotation(Names.Annotations.PermittedNamespaces)
        || old.Spec != item.Spec;

    /// <inheritdoc cref="PermitsOthers(Subnet, Subnet)"/>
    public static bool PermitsOthers(Vpc old, Vpc item) =>
        IsAnother(old, item)
        || old.Spec.Namespaces != item.Spec.Namespaces
        || old.Spec.ExtraExternalSubnets != item.Spec.ExtraExternalSubnets
        || old.Spec.DefaultSubnet != item.Spec.DefaultSubnet;

    public static bool HasMoved(OvnEip old, OvnEip item) =>
        IsAnother(old, item)
        || old.Spec != item.Spec
        || AddressClaims.PromisedTo(old) != AddressClaims.PromisedTo(item)
        || (old.Status?.V4Ip, old.Status?.V6Ip, old.Status?.MacAddress, old.Status?.Ready)
            != (item.Status?.V4Ip, item.Status?.V6Ip, item.Status?.MacAddress, item.Status?.Ready)
        || old.Status?.Conditions.Find(ConditionTypes.Ready)?.Message != item.Status?.Conditions.Find(ConditionTypes.Ready)?.Message
        || old.Status?.Conditions.Find(ConditionTypes.Validated)?.Message != item.Status?.Conditions.Find(ConditionTypes.Validated)?.Message;

    public static bool HasMoved(Vip old, Vip item) =>
        IsAnother(old, item)
        || old.Spec != item.Spec
        || (old.Status?.V4ip, old.Status?.V6ip) != (item.Status?.V4ip, item.Status?.V6ip);

    public static bool HasMoved(Ip old, Ip item) => IsAnother(old, item) || old.Spec != item.Spec;

    public static bool HasMoved(OvnFip old, OvnFip item) => IsAnother(old, item) || old.Spec != item.Spec || old.WrittenSpec != item.WrittenSpec;

    public static bool HasMoved(OvnSnatRule old, OvnSnatRule item) => IsAnother(old, item) || old.Spec != item.Spec || old.WrittenSpec != item.WrittenSpec;

    public static bool HasMoved(OvnDnatRule old, OvnDnatRule item) => IsAnother(old, item) || old.Spec != item.Spec || old.WrittenSpec != item.WrittenSpec;

    public static bool HasMoved(Pod old, Pod pod) =>
        IsAnother(old, pod)
        || old.IsCompleted != pod.IsCompleted
        || old.Spec.NodeName != pod.Spec.NodeName
        || HasOtherTexts(old, pod);

    public static bool HasMoved(Node old, Node node) =>
        IsAnother(old, node)
        || Readiness(old) != Readiness(node)
        || !old.Addresses("InternalIP").SequenceEqual(node.Addresses("InternalIP"), StringComparer.Ordinal)
        || HasOtherTexts(old, node);

    public static bool HasMoved(Namespace old, Namespace ns) => IsAnother(old, ns) || HasOtherTexts(old, ns);

    public static bool HasMoved(StatefulSet old, StatefulSet set) => IsAnother(old, set) || old.Spec != set.Spec;

    public static bool HasMoved(ConfigMap old, ConfigMap map) => !Same(old.Data, map.Data);

    /// <summary>What is known of a node; that nobody reports on it is not the same as that it is not ready.</summary>
    private static string? Readiness(Node node) => node.Status.Conditions?.FirstOrDefault(condition => condition.Type == "Ready")?.Status;

    /// <summary>Whether it is being deleted since, or a new object has taken the name.</summary>
    private static bool IsAnother(KubeObject old, KubeObject item) =>
        old.Metadata.Uid != item.Metadata.Uid || old.Metadata.IsDeleting != item.Metadata.IsDeleting;

    private static bool HasOtherTexts(KubeObject old, KubeObject item) =>
        !Same(old.Metadata.Annotations, item.Metadata.Annotations) || !Same(old.Metadata.Labels, item.Metadata.Labels);

    private static bool Same(IReadOnlyDictionary<string, string>? a, IReadOnlyDictionary<string, string>? b) =>
        (a?.Count ?? 0) == (b?.Count ?? 0) && (a is null || a.All(entry => b!.TryGetValue(entry.Key, out var value) && value == entry.Value));
}
