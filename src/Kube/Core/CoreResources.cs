namespace Sluice.Kube.Core;

/// <summary>The built-in kinds that this library models.</summary>
public static class CoreResources
{
    public static ResourceType<Pod> Pods { get; } = new("", "v1", "pods", "Pod", Namespaced: true, KubeJsonContext.Default.Pod);

    public static ResourceType<Node> Nodes { get; } = new("", "v1", "nodes", "Node", Namespaced: false, KubeJsonContext.Default.Node);

    public static ResourceType<Namespace> Namespaces { get; } =
        new("", "v1", "namespaces", "Namespace", Namespaced: false, KubeJsonContext.Default.Namespace);

    public static ResourceType<ConfigMap> ConfigMaps { get; } =
        new("", "v1", "configmaps", "ConfigMap", Namespaced: true, KubeJsonContext.Default.ConfigMap);

    public static ResourceType<Secret> Secrets { get; } =
        new("", "v1", "secrets", "Secret", Namespaced: true, KubeJsonContext.Default.Secret);

    public static ResourceType<Event> Events { get; } = new("", "v1", "events", "Event", Namespaced: true, KubeJsonContext.Default.Event);

    public static ResourceType<Lease> Leases { get; } =
        new("coordination.k8s.io", "v1", "leases", "Lease", Namespaced: true, KubeJsonContext.Default.Lease);

    public static ResourceType<StatefulSet> StatefulSets { get; } =
        new("apps", "v1", "statefulsets", "StatefulSet", Namespaced: true, KubeJsonContext.Default.StatefulSet);

    /// <summary>Definitions are passed through as JSON: nothing here reads their schemas.</summary>
    public static ResourceType<UnstructuredObject> CustomResourceDefinitions { get; } =
        Unstructured("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", namespaced: false);

    /// <summary>A kind that is not modelled.</summary>
    public static ResourceType<UnstructuredObject> Unstructured(string group, string version, string plural, string kind, bool namespaced) =>
        new(group, version, plural, kind, namespaced, KubeJsonContext.Default.UnstructuredObject);
}
