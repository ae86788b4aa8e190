using System.Text.Json.Serialization.Metadata;
using Sluice.Kube;

namespace Sluice.Api;

/// <summary>The kinds of group <c>kubeovn.io</c>, all cluster scoped.</summary>
public static class SluiceResources
{
    public const string Group = "kubeovn.io";
    public const string Version = "v1";

    internal const string ApiVersion = $"{Group}/{Version}";

    public static ResourceType<ProviderNetwork> ProviderNetworks { get; } = Cluster("provider-networks", nameof(ProviderNetwork), ApiJsonContext.Default.ProviderNetwork);

    public static ResourceType<Vlan> Vlans { get; } = Cluster("vlans", nameof(Vlan), ApiJsonContext.Default.Vlan);

    public static ResourceType<Subnet> Subnets { get; } = Cluster("subnets", nameof(Subnet), ApiJsonContext.Default.Subnet);

    public static ResourceType<Vpc> Vpcs { get; } = Cluster("vpcs", nameof(Vpc), ApiJsonContext.Default.Vpc);

    public static ResourceType<Ip> Ips { get; } = Cluster("ips", "IP", ApiJsonContext.Default.Ip);

    public static ResourceType<Vip> Vips { get; } = Cluster("vips", nameof(Vip), ApiJsonContext.Default.Vip);

    public static ResourceType<OvnEip> OvnEips { get; } = Cluster("ovn-eips", nameof(OvnEip), ApiJsonContext.Default.OvnEip);

    public static ResourceType<OvnFip> OvnFips { get; } = Cluster("ovn-fips", nameof(OvnFip), ApiJsonContext.Default.OvnFip);

    public static ResourceType<OvnSnatRule> OvnSnatRules { get; } = Cluster("ovn-snat-rules", nameof(OvnSnatRule), ApiJsonContext.Default.OvnSnatRule);

    public static ResourceType<OvnDnatRule> OvnDnatRules { get; } = Cluster("ovn-dnat-rules", nameof(OvnDnatRule), ApiJsonContext.Default.OvnDnatRule);

    private static ResourceType<T> Cluster<T>(string plural, string kind, JsonTypeInfo<T> json)
        where T : KubeObject => new(Group, Version, plural, kind, Namespaced: false, json);
}
