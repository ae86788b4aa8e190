using System.Net;
using Sluice.Agent.Options;

namespace Sluice.Agent.Tests.Options;

public sealed class AgentFlagsTests
{
    /// <summary>kube-ovn-cni's flags at their defaults, as its manifests and its --help give them.</summary>
    public static TheoryData<string> KubeOvnFlags() => new(
        "--iface=", "--host-tunnel-src=false", "--dpdk-tunnel-iface=br-phy", "--mtu=0", "--network-type=geneve", "--encap-checksum=true",
        "--enable-mirror=false", "--mirror-iface=mirror0", "--bind-socket=/run/openvswitch/kube-ovn-daemon.sock", "--ovs-socket=", "--kubeconfig=",
        "--install-cni-config=false", "--cni-conf-dir=/etc/cni/net.d", "--cni-conf-file=/kube-ovn/01-kube-ovn.conflist",
        "--cni-conf-name=01-kube-ovn.conflist", "--service-cluster-ip-range=10.96.0.0/12", "--cluster-router=ovn-cluster", "--node-switch=join",
        "--enable-pprof=false", "--pprof-port=10665", "--secure-serving=false", "--tls-min-version=", "--tls-max-version=", "--tls-cipher-suites=",
        "--log-perm=640", "--mac-learning-fallback=false", "--default-provider-name=provider", "--default-interface-name=",
        "--external-gateway-config-ns=kube-system", "--external-gateway-switch=external", "--enable-metrics=true",
        "--enable-arp-detect-ip-conflict=true", "--kubelet-dir=/var/lib/kubelet", "--enable-verbose-conn-check=false", "--tcp-conn-check-port=8100",
        "--udp-conn-check-port=8101", "--enable-tproxy=false", "--ovs-vsctl-concurrency=100", "--set-vxlan-tx-off=false",
        "--non-primary-cni-mode=false", "--enable-ovn-ipsec=false", "--cert-manager-ipsec-cert=false",
        "--cert-manager-issuer-name=kube-ovn", "--ovn-ipsec-cert-duration=63072000", "--logtostderr=false", "--alsologtostderr=true",
        "--log_file=/var/log/kube-ovn/kube-ovn-cni.log", "--log_file_max_size=200", "--v=0");

    [Theory]
    [MemberData(nameof(KubeOvnFlags))]
    public void A_flag_of_kube_ovn_at_its_default_changes_nothing(string flag) =>
        AgentFlags.Parse([flag], Node).Options.ShouldBe(new AgentOptions { NodeName = "n1" });

    [Fact]
    public void Values_are_taken_in_every_syntax_of_the_flag_library() =>
        AgentFlags.Parse(
                ["--node-name", "n2", "-v", "4", "--mtu=1400", "--install-cni-config", "--enable-arp-detect-ip-conflict=F", "--ovs-socket=unix:/x/db.sock"],
                Node)
            .Options.ShouldBe(new AgentOptions
            {
                NodeName = "n2",
                Verbosity = 4,
                Mtu = 1400,
                InstallCniConfig = true,
                DetectAddressConflicts = false,
                OvsSocket = "unix:/x/db.sock",
            });

    [Fact]
    public void Flags_without_effect_are_named() =>
        AgentFlags.Parse(["--enable-mirror", "--mirror-iface", "mirror0", "--mtu=1500"], Node).WithoutEffect
            .ShouldBe(["enable-mirror", "mirror-iface"]);

    [Fact]
    public void Health_is_served_on_the_address_of_the_pod() =>
        AgentFlags.Parse([], variable => variable switch { "NODE_NAME" => "n1", "POD_IP" => "10.0.0.1", _ => null })
            .Options.HealthAddress.ShouldBe(IPAddress.Parse("10.0.0.1"));

    [Theory]
    [InlineData("unknown flag: --colour=red", "--colour=red")]
    [InlineData("not a flag: red", "red")]
    [InlineData("flag needs a value: --mtu", "--mtu")]
    [InlineData("invalid value for --mtu: \"big\"", "--mtu=big")]
    [InlineData("invalid value for --install-cni-config: \"perhaps\"", "--install-cni-config=perhaps")]
    [InlineData("--mtu=12 is no MTU", "--mtu=12")]
    [InlineData("--pprof-port=70000 is no port", "--pprof-port=70000")]
    [InlineData("--bind-socket=cni.sock is no absolute path", "--bind-socket=cni.sock")]
    [InlineData("--network-type=gre is none of geneve, vxlan, stt, vlan", "--network-type=gre")]
    public void A_mistake_is_refused_by_name(string message, string flag) =>
        Should.Throw<FormatException>(() => AgentFlags.Parse([flag], Node)).Message.ShouldBe(message);

    [Fact]
    public void An_agent_has_to_know_its_node() =>
        Should.Throw<FormatException>(() => AgentFlags.Parse([], _ => null)).Message.ShouldBe("the node is unknown: set NODE_NAME or --node-name");

    private static string? Node(string variable) => variable == "NODE_NAME" ? "n1" : null;
}
