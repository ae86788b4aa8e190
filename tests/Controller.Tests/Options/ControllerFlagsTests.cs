using System.Net;
using Sluice.Controller.Options;
using Sluice.Plan.Addressing;

namespace Sluice.Controller.Tests.Options;

public sealed class ControllerFlagsTests
{
    /// <summary>The flags of kube-ovn-controller: its manifests must start this controller unchanged.</summary>
    private static readonly string[] KubeOvnFlags =
    [
        "ovn-nb-addr", "ovn-sb-addr", "ovn-timeout", "ovsdb-con-timeout", "ovsdb-con-maxretry", "ovsdb-inactivity-timeout",
        "cust-crd-retry-min-delay", "cust-crd-retry-max-delay", "kubeconfig", "worker-num", "log-perm",
        "default-ls", "default-cidr", "default-gateway", "default-gateway-check", "default-logical-gateway", "default-exclude-ips",
        "default-u2o-interconnection", "cluster-router", "node-switch", "node-switch-cidr", "node-switch-gateway",
        "service-cluster-ip-range",
        "cluster-tcp-loadbalancer", "cluster-udp-loadbalancer", "cluster-sctp-loadbalancer",
        "cluster-tcp-session-loadbalancer", "cluster-udp-session-loadbalancer", "cluster-sctp-session-loadbalancer",
        "network-type", "default-provider-name", "default-interface-name", "default-exchange-link-name", "default-vlan-name", "default-vlan-id",
        "pod-nic-type", "enable-lb", "enable-np", "np-enforcement", "enable-eip-snat", "enable-external-vpc", "enable-ecmp", "keep-vm-ip",
        "enable-lb-svc", "enable-ovn-lb-prefer-local", "enable-metrics", "enable-anp", "enable-dns-name-resolver", "enable-ovn-ipsec",
        "cert-manager-ipsec-cert", "enable-live-migration-optimize",
        "external-gateway-config-ns", "external-gateway-switch", "external-gateway-net", "external-gateway-vlanid",
        "ls-dnat-mod-dl-dst", "ls-ct-skip-dst-lport-ips", "node-local-dns-ip", "skip-conntrack-dst-cidrs",
        "gc-interval", "inspect-interval", "nodepg-probe-time", "bfd-min-tx", "bfd-min-rx", "detect-mult",
        "enable-pprof", "pprof-port", "secure-serving", "tls-min-version", "tls-max-version", "tls-cipher-suites",
        "leader-elect-lease-duration", "leader-elect-renew-deadline", "leader-elect-retry-period",
        "image", "frr-image", "non-primary-cni-mode", "v", "logtostderr", "alsologtostderr", "log_file", "log_file_max_size",
    ];

    [Fact]
    public void Every_flag_of_kube_ovn_controller_is_known() => KubeOvnFlags.Except(ControllerFlags.Names).ShouldBeEmpty();

    [Fact]
    public void Without_flags_the_defaults_hold()
    {
        var (options, withoutEffect) = Parse();

        options.ShouldBe(new ControllerOptions());
        withoutEffect.ShouldBeEmpty();
    }

    [Fact]
    public void The_walkthrough_s_flags_are_understood()
    {
        var (options, withoutEffect) = Parse("--external-gateway-vlanid=204", "--external-gateway-switch=external204");

        options.ShouldBe(new ControllerOptions { ExternalGatewaySwitch = "external204", ExternalGatewayVlanId = 204 });
        withoutEffect.ShouldBeEmpty();
    }

    [Fact]
    public void Flags_come_in_all_forms_of_the_flag_library()
    {
        var (options, withoutEffect) = Parse("-v", "5", "--logtostderr", "-log_file=/x", "--enable-lb=false", "--enable-eip-snat", "--worker-num", "8",
            "--leader-elect-lease-duration=1m30s", "--leader-elect-renew-deadline", "500ms", "--leader-elect-retry-period=1us",
            "--cust-crd-retry-max-delay=60");

        options.ShouldBe(new ControllerOptions
        {
            Verbosity = 5,
            EnableLb = false,
            WorkersPerKind = 8,
            RetryMaxDelay = TimeSpan.FromSeconds(60),
            Election = new ControllerOptions().Election with
            {
                LeaseDuration = TimeSpan.FromSeconds(90),
                RenewDeadline = TimeSpan.FromMilliseconds(500),
                RetryPeriod = TimeSpan.FromMicroseconds(1),
            },
        });
        withoutEffect.ShouldBe(["logtostderr", "log_file"]);
    }

    [Fact]
    public void What_nodes_answer_may_be_several_addresses_of_both_families()
    {
        var (options, withoutEffect) = Parse("--service-cluster-ip-range=10.43.0.0/16, FD00:43::/112,10.44.0.0/16", "--node-local-dns-ip=10.0.0.10,fd00::10");

        options.ShouldBe(new ControllerOptions
        {
            ServiceCidrs = [Cidr.Parse("10.43.0.0/16"), Cidr.Parse("fd00:43::/112"), Cidr.Parse("10.44.0.0/16")],
            NodeLocalDns = [IpAddress.Parse("10.0.0.10"), IpAddress.Parse("fd00::10")],
        });
        withoutEffect.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("invalid value for --service-cluster-ip-range: \"10.96.0.0\"", "--service-cluster-ip-range=10.96.0.0")]
    [InlineData("invalid value for --node-local-dns-ip: \"169.254.20.10,dns\"", "--node-local-dns-ip=169.254.20.10,dns")]
    [InlineData("unknown flag: --external-gateway-swich=x", "--external-gateway-swich=x")]
    [InlineData("flag needs a value: --default-ls", "--default-ls")]
    [InlineData("invalid value for --worker-num: \"many\"", "--worker-num=many")]
    [InlineData("invalid value for --enable-lb: \"yes\"", "--enable-lb=yes")]
    [InlineData("invalid value for --leader-elect-retry-period: \"6\"", "--leader-elect-retry-period=6")]
    [InlineData("--worker-num must be at least 1", "--worker-num=0")]
    [InlineData("--network-type must be geneve, vxlan, stt or vlan", "--network-type=gre")]
    [InlineData("--leader-elect-renew-deadline must be shorter than --leader-elect-lease-duration", "--leader-elect-renew-deadline=30s")]
    [InlineData("not a flag: oops", "oops")]
    public void A_wrong_flag_is_named(string message, params string[] args) =>
        Should.Throw<FormatException>(() => Parse(args)).Message.ShouldBe(message);

    [Fact]
    public void The_environment_names_the_databases_and_flags_win_over_it()
    {
        var variables = new Dictionary<string, string>
        {
            ["OVN_DB_IPS"] = "10.0.0.1, fd00::2",
            ["ENABLE_SSL"] = "true",
            ["POD_NAME"] = "controller-0",
            ["POD_NAMESPACE"] = "ovn",
            ["POD_IP"] = "10.0.0.9",
        };

        var (options, _) = ControllerFlags.Parse(["--ovn-sb-addr=tcp:10.0.0.3:6642"], name => variables.GetValueOrDefault(name));

        options.ShouldBe(new ControllerOptions
        {
            NorthboundAddress = "ssl:10.0.0.1:6641,ssl:[fd00::2]:6641",
            SouthboundAddress = "tcp:10.0.0.3:6642",
            HttpAddress = IPAddress.Parse("10.0.0.9"),
            Election = new ControllerOptions().Election with { Identity = "controller-0", Namespace = "ovn" },
        });
    }

    private static (ControllerOptions Options, IReadOnlyList<string> WithoutEffect) Parse(params string[] args) =>
        ControllerFlags.Parse(args, _ => null);
}
