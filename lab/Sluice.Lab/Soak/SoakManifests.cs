namespace Sluice.Lab.Soak;

/// <summary>The objects that stay while users come and go.</summary>
internal static class SoakManifests
{
    public const string Near = "soak/near", Far = "soak/far", Third = "soak/third";

    public const string Network = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: soak}
        ---
        apiVersion: kubeovn.io/v1
        kind: ProviderNetwork
        metadata: {name: external204}
        spec: {defaultInterface: vlan}
        ---
        apiVersion: kubeovn.io/v1
        kind: Vlan
        metadata: {name: vlan204}
        spec: {id: 204, provider: external204}
        ---
        apiVersion: kubeovn.io/v1
        kind: Subnet
        metadata: {name: external204}
        spec: {protocol: IPv4, cidrBlock: 10.5.204.0/24, gateway: 10.5.204.254, vlan: vlan204, excludeIps: [10.5.204.1..10.5.204.100]}
        ---
        apiVersion: kubeovn.io/v1
        kind: Vpc
        metadata: {name: soak}
        spec: {namespaces: [soak], enableExternal: true}
        ---
        apiVersion: kubeovn.io/v1
        kind: Subnet
        metadata: {name: inner}
        spec: {protocol: IPv4, cidrBlock: 192.168.7.0/24, vpc: soak, namespaces: [soak]}
        """;

    public const string Rules = """
        apiVersion: kubeovn.io/v1
        kind: OvnEip
        metadata: {name: near}
        spec: {externalSubnet: external204, type: nat}
        ---
        apiVersion: kubeovn.io/v1
        kind: OvnFip
        metadata: {name: near}
        spec: {ovnEip: near, ipName: far.soak, type: distributed}
        ---
        apiVersion: kubeovn.io/v1
        kind: OvnEip
        metadata: {name: far}
        spec: {externalSubnet: external204, type: nat}
        ---
        apiVersion: kubeovn.io/v1
        kind: OvnFip
        metadata: {name: far}
        spec: {ovnEip: far, ipName: third.soak, type: centralized}
        ---
        apiVersion: kubeovn.io/v1
        kind: OvnEip
        metadata: {name: all}
        spec: {externalSubnet: external204, type: nat}
        ---
        apiVersion: kubeovn.io/v1
        kind: OvnSnatRule
        metadata: {name: all}
        spec: {ovnEip: all, vpcSubnet: inner}
        """;

    public static string Pods(string first, string second) => Pod("near", first) + Pod("far", second) + Pod("third", second);

    private static string Pod(string name, string node) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{name}}, namespace: soak}
        spec:
          nodeName: {{node}}
          containers: [{name: main, image: busybox, command: [sleep, infinity]}]
        ---

        """;
}
