using System.Collections.Frozen;
using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Plan.Addressing;

namespace Sluice.Controller.Options;

/// <summary>
/// The command line of kube-ovn-controller in the syntax of its flag library: <c>--name=value</c>, <c>--name value</c>, <c>--switch</c>,
/// <c>-v 3</c>. Every flag it has is accepted, so that its manifests start this controller unchanged; those without effect are reported.
/// </summary>
public static class ControllerFlags
{
    private static readonly FrozenDictionary<string, Flag> Flags = new Dictionary<string, Flag>(StringComparer.Ordinal)
    {
        ["kubeconfig"] = Text((options, value) => options with { Kubeconfig = value }),
        ["ovn-nb-addr"] = Text((options, value) => value.Length == 0 ? options : options with { NorthboundAddress = value }),
        ["ovn-sb-addr"] = Text((options, value) => value.Length == 0 ? options : options with { SouthboundAddress = value }),
        ["ovn-timeout"] = Seconds((options, value) => options with { DatabaseTimeout = value }),
        ["ovsdb-inactivity-timeout"] = Seconds((options, value) => options with { DatabaseInactivity = value }),
        ["cust-crd-retry-min-delay"] = Seconds((options, value) => options with { RetryMinDelay = value }),
        ["cust-crd-retry-max-delay"] = Seconds((options, value) => options with { RetryMaxDelay = value }),
        ["worker-num"] = Number((options, value) => options with { WorkersPerKind = value }),

        ["default-ls"] = Default((subnet, value) => subnet with { Name = value }),
        ["default-cidr"] = Default((subnet, value) => subnet with { Cidr = value }),
        ["default-gateway"] = Default((subnet, value) => subnet with { Gateway = value }),
        ["default-exclude-ips"] = Default((subnet, value) => subnet with { ExcludeIps = value }),
        ["default-gateway-check"] = Switch((options, value) => options with { DefaultSubnet = options.DefaultSubnet with { GatewayCheck = value } }),
        ["default-logical-gateway"] = Switch((options, value) => options with { DefaultSubnet = options.DefaultSubnet with { LogicalGateway = value } }),
        ["cluster-router"] = Text((options, value) => options with { ClusterRouter = value }),
        ["node-switch"] = Text((options, value) => options with { NodeSwitch = value }),
        ["node-switch-cidr"] = Text((options, value) => options with { NodeSwitchCidr = value }),
        ["node-switch-gateway"] = Text((options, value) => options with { NodeSwitchGateway = value }),
        ["service-cluster-ip-range"] = Text((options, value) => options with { ServiceCidrs = List<Cidr>(value) }),
        ["node-local-dns-ip"] = Text((options, value) => options with { NodeLocalDns = List<IpAddress>(value) }),
        ["network-type"] = Text((options, value) => options with { NetworkType = value }),
        ["default-provider-name"] = Text((options, value) => options with { DefaultProviderName = value }),
        ["pod-nic-type"] = Text((options, value) => options with { PodNicType = value }),
        ["pod-permissions"] = Text((options, value) => options with { PodPermissions = value }),
        ["enable-lb"] = Switch((options, value) => options with { EnableLb = value }),

        ["enable-eip-snat"] = Switch((options, value) => options with { EnableEipSnat = value }),
        ["external-gateway-config-ns"] = Text((options, value) => options with { ExternalGatewayConfigNamespace = value }),
        ["external-gateway-switch"] = Text((options, value) => options with { ExternalGatewaySwitch = value }),
        ["external-gateway-net"] = Text((options, value) => options with { ExternalGatewayNet = value }),
        ["external-gateway-vlanid"] = Number((options, value) => options with { ExternalGatewayVlanId = value }),
        ["bfd-min-tx"] = Number((options, value) => options with { BfdMinTx = value }),
        ["bfd-min-rx"] = Number((options, value) => options with { BfdMinRx = value }),
        ["gateway-node-eips"] = Switch((options, value) => options with { GatewayNodeEips = value }),
        ["tunnel-bfd-interval"] = Number((options, value) => options with { TunnelBfdInterval = value }),
        ["report-realized"] = Switch((options, value) => options with { ReportRealized = value }),
        ["detect-mult"] = Number((options, value) => options with { BfdDetectMultiplier = value }),

        ["leader-elect-lease-duration"] = Election((election, value) => election with { LeaseDuration = value }),
        ["leader-elect-renew-deadline"] = Election((election, value) => election with { RenewDeadline = value }),
        ["leader-elect-retry-period"] = Election((election, value) => election with { RetryPeriod = value }),

        ["enable-metrics"] = Switch((options, value) => options with { EnableMetrics = value }),
        ["pprof-port"] = Number((options, value) => options with { HttpPort = value }),
        ["enable-webhook"] = Webhook((webhook, value) => webhook with { IsEnabled = value }),
        ["webhook-fail-closed"] = Webhook((webhook, value) => webhook with { FailClosed = value }),
        ["webhook-port"] = Number((options, value) => options with { Webhook = options.Webhook with { Port = value } }),
        ["webhook-url"] = Text((options, value) => options with { Webhook = options.Webhook with { Url = new Uri(value, UriKind.Absolute) } }),
        ["v"] = Number((options, value) => options with { Verbosity = value }),

        ["audit-only"] = Switch((options, value) => options with { AuditOnly = value }),
        ["audit-format"] = Text((options, value) => options with { AuditFormat = value }),

        // Accepted without effect: features that this controller does not have, or that need no setting here.
        ["cert-manager-ipsec-cert"] = IgnoredSwitch,
        ["cluster-sctp-loadbalancer"] = Ignored,
        ["cluster-sctp-session-loadbalancer"] = Ignored,
        ["cluster-tcp-loadbalancer"] = Ignored,
        ["cluster-tcp-session-loadbalancer"] = Ignored,
        ["cluster-udp-loadbalancer"] = Ignored,
        ["cluster-udp-session-loadbalancer"] = Ignored,
        ["default-exchange-link-name"] = IgnoredSwitch,
        ["default-interface-name"] = Ignored,
        ["default-u2o-interconnection"] = IgnoredSwitch,
        ["default-vlan-id"] = Ignored,
        ["default-vlan-name"] = Ignored,
        ["enable-anp"] = IgnoredSwitch,
        ["enable-dns-name-resolver"] = IgnoredSwitch,
        ["enable-ecmp"] = IgnoredSwitch,
        ["enable-external-vpc"] = IgnoredSwitch,
        ["enable-lb-svc"] = IgnoredSwitch,
        ["enable-live-migration-optimize"] = IgnoredSwitch,
        ["enable-np"] = IgnoredSwitch,
        ["enable-ovn-ipsec"] = IgnoredSwitch,
        ["enable-ovn-lb-prefer-local"] = IgnoredSwitch,
        ["enable-pprof"] = IgnoredSwitch,
        ["frr-image"] = Ignored,
        ["gc-interval"] = Ignored,
        ["image"] = Ignored,
        ["inspect-interval"] = Ignored,
        ["keep-vm-ip"] = IgnoredSwitch,
        ["log-perm"] = Ignored,
        ["ls-ct-skip-dst-lport-ips"] = IgnoredSwitch,
        ["ls-dnat-mod-dl-dst"] = IgnoredSwitch,
        ["nodepg-probe-time"] = Ignored,
        ["non-primary-cni-mode"] = IgnoredSwitch,
        ["np-enforcement"] = Ignored,
        ["ovsdb-con-maxretry"] = Ignored,
        ["ovsdb-con-timeout"] = Ignored,
        ["secure-serving"] = IgnoredSwitch,
        ["skip-conntrack-dst-cidrs"] = Ignored,
        ["tls-cipher-suites"] = Ignored,
        ["tls-max-version"] = Ignored,
        ["tls-min-version"] = Ignored,

        // klog's
        ["add_dir_header"] = IgnoredSwitch,
        ["alsologtostderr"] = IgnoredSwitch,
        ["log_backtrace_at"] = Ignored,
        ["log_dir"] = Ignored,
        ["log_file"] = Ignored,
        ["log_file_max_size"] = Ignored,
        ["logtostderr"] = IgnoredSwitch,
        ["one_output"] = IgnoredSwitch,
        ["skip_headers"] = IgnoredSwitch,
        ["skip_log_headers"] = IgnoredSwitch,
        ["stderrthreshold"] = Ignored,
        ["vmodule"] = Ignored,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static Flag Ignored => new(IsSwitch: false, Apply: null);

    private static Flag IgnoredSwitch => new(IsSwitch: true, Apply: null);

    /// <summary>The names of all flags, without the dashes.</summary>
    public static IEnumerable<string> Names => Flags.Keys;

    /// <summary>Whether a flag changes anything; the others are there so that manifests which set them still work.</summary>
    public static bool HasEffect(string name) => Flags[name].Apply is not null;

    /// <param name="variable">Looks an environment variable up.</param>
    /// <returns>The options, and the flags that were given but have no effect.</returns>
    /// <exception cref="FormatException">A flag is unknown or its value malformed; the message is fit for the user.</exception>
    public static (ControllerOptions Options, IReadOnlyList<string> WithoutEffect) Parse(IReadOnlyList<string> args, Func<string, string?> variable)
    {
        var options = ControllerEnvironment.Read(variable);
        var withoutEffect = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = Split(args[i]);
            if (!Flags.TryGetValue(name, out var flag))
                throw new FormatException($"unknown flag: {args[i]}");
            if (value is null && !flag.IsSwitch)
                value = ++i < args.Count ? args[i] : throw new FormatException($"flag needs a value: --{name}");
            if (flag.Apply is null)
                withoutEffect.Add(name);
            else
                options = Apply(flag.Apply, options, name, value ?? "true");
        }
        options.Validate();
        return (options, withoutEffect);
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var dashes = arg.StartsWith("--", StringComparison.Ordinal) ? 2 : arg.StartsWith('-') ? 1 : 0;
        if (dashes == 0 || arg.Length == dashes)
            throw new FormatException($"not a flag: {arg}");
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg[dashes..], null) : (arg[dashes..equals], arg[(equals + 1)..]);
    }

    private static ControllerOptions Apply(Func<ControllerOptions, string, ControllerOptions> apply, ControllerOptions options, string name, string value)
    {
        try
        {
            return apply(options, value);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new FormatException($"invalid value for --{name}: \"{value}\"", e);
        }
    }

    private static Flag Text(Func<ControllerOptions, string, ControllerOptions> apply) => new(IsSwitch: false, apply);

    private static Flag Default(Func<DefaultSubnetOptions, string, DefaultSubnetOptions> apply) =>
        Text((options, value) => options with { DefaultSubnet = apply(options.DefaultSubnet, value) });

    private static ValueList<T> List<T>(string value)
        where T : struct, IIpValue<T> => IpList.TryParse<T>(value, out var values) ? values : throw new FormatException(value);

    private static Flag Number(Func<ControllerOptions, int, ControllerOptions> apply) =>
        new(IsSwitch: false, (options, value) => apply(options, int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)));

    private static Flag Seconds(Func<ControllerOptions, TimeSpan, ControllerOptions> apply) =>
        Number((options, value) => apply(options, TimeSpan.FromSeconds(value)));

    private static Flag Election(Func<LeaderElectionOptions, TimeSpan, LeaderElectionOptions> apply) =>
        Text((options, value) => options with { Election = apply(options.Election, GoDuration.Parse(value)) });

    private static Flag Switch(Func<ControllerOptions, bool, ControllerOptions> apply) =>
        new(IsSwitch: true, (options, value) => apply(options, ParseBool(value)));

    private static Flag Webhook(Func<WebhookOptions, bool, WebhookOptions> apply) =>
        Switch((options, value) => options with { Webhook = apply(options.Webhook, value) });

    /// <summary>The spellings that Go's strconv.ParseBool knows.</summary>
    private static bool ParseBool(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new FormatException(value),
    };
}
