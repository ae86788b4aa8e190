using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Options;

/// <summary>
/// The command line of kube-ovn-cni in the syntax of its flag library: <c>--name=value</c>, <c>--name value</c>, <c>--switch</c>, <c>-v 3</c>.
/// Every flag it has is accepted, so that its manifests start this agent unchanged; those that have no effect here are reported.
/// </summary>
internal static class AgentFlags
{
    private static readonly FrozenDictionary<string, Flag> Flags = new Dictionary<string, Flag>(StringComparer.Ordinal)
    {
        ["node-name"] = Text((options, value) => options with { NodeName = value }),
        ["kubeconfig"] = Text((options, value) => options with { Kubeconfig = value }),
        ["ovs-socket"] = Text((options, value) => value.Length == 0 ? options : options with { OvsSocket = value }),
        ["bind-socket"] = Text((options, value) => options with { BindSocket = value }),
        ["mtu"] = Number((options, value) => options with { Mtu = value }),
        ["iface"] = Text((options, value) => options with { TunnelInterface = value }),
        ["network-type"] = Text((options, value) => options with { NetworkType = value }),
        ["cluster-router"] = Text((options, value) => options with { ClusterRouter = value }),
        ["node-switch"] = Text((options, value) => options with { NodeSwitch = value }),
        ["default-provider-name"] = Text((options, value) => options with { DefaultProviderName = value }),
        ["service-cluster-ip-range"] = Text((options, value) => options with { ServiceCidrs = ParseServiceCidrs(value) }),
        ["external-gateway-config-ns"] = Text((options, value) => options with { ExternalGatewayConfigNamespace = value }),
        ["external-gateway-switch"] = Text((options, value) => options with { ExternalGatewaySwitch = value }),
        ["gateway-netns"] = Text((options, value) => options with { GatewayNamespace = value }),
        ["enable-arp-detect-ip-conflict"] = Switch((options, value) => options with { DetectAddressConflicts = value }),
        ["mac-learning-fallback"] = Switch((options, value) => options with { MacLearningFallback = value }),
        ["pprof-port"] = Number((options, value) => options with { HealthPort = value }),
        ["enable-metrics"] = Switch((options, value) => options with { EnableMetrics = value }),
        ["install-cni-config"] = Switch((options, value) => options with { InstallCniConfig = value }),
        ["cni-conf-dir"] = Text((options, value) => options with { CniConfDir = value }),
        ["cni-conf-file"] = Text((options, value) => options with { CniConfFile = value }),
        ["cni-conf-name"] = Text((options, value) => options with { CniConfName = value }),
        ["v"] = Number((options, value) => options with { Verbosity = value }),

        // Accepted without effect: features that this agent does not have, or that need no setting here.
        ["cert-manager-ipsec-cert"] = IgnoredSwitch,
        ["cert-manager-issuer-name"] = Ignored,
        ["default-interface-name"] = Ignored,
        ["dpdk-tunnel-iface"] = Ignored,
        ["enable-mirror"] = IgnoredSwitch,
        ["enable-ovn-ipsec"] = IgnoredSwitch,
        ["enable-pprof"] = IgnoredSwitch,
        ["enable-tproxy"] = IgnoredSwitch,
        ["enable-verbose-conn-check"] = IgnoredSwitch,
        ["encap-checksum"] = IgnoredSwitch,
        ["host-tunnel-src"] = IgnoredSwitch,
        ["kubelet-dir"] = Ignored,
        ["log-perm"] = Ignored,
        ["mirror-iface"] = Ignored,
        ["non-primary-cni-mode"] = IgnoredSwitch,
        ["ovn-ipsec-cert-duration"] = Ignored,
        ["ovs-vsctl-concurrency"] = Ignored,
        ["secure-serving"] = IgnoredSwitch,
        ["set-vxlan-tx-off"] = IgnoredSwitch,
        ["tcp-conn-check-port"] = Ignored,
        ["tls-cipher-suites"] = Ignored,
        ["tls-max-version"] = Ignored,
        ["tls-min-version"] = Ignored,
        ["udp-conn-check-port"] = Ignored,

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
    public static (AgentOptions Options, IReadOnlyList<string> WithoutEffect) Parse(IReadOnlyList<string> args, Func<string, string?> variable)
    {
        var options = FromEnvironment(variable);
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

    private static AgentOptions FromEnvironment(Func<string, string?> variable)
    {
        var options = new AgentOptions { NodeName = variable("NODE_NAME") ?? "" };

        // A pod on the host's network must not offer its health to everybody else on that network.
        return IPAddress.TryParse(variable("POD_IP"), out var address) ? options with { HealthAddress = address } : options;
    }

    private static (string Name, string? Value) Split(string arg)
    {
        var dashes = arg.StartsWith("--", StringComparison.Ordinal) ? 2 : arg.StartsWith('-') ? 1 : 0;
        if (dashes == 0 || arg.Length == dashes)
            throw new FormatException($"not a flag: {arg}");
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg[dashes..], null) : (arg[dashes..equals], arg[(equals + 1)..]);
    }

    private static AgentOptions Apply(Func<AgentOptions, string, AgentOptions> apply, AgentOptions options, string name, string value)
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

    private static Flag Text(Func<AgentOptions, string, AgentOptions> apply) => new(IsSwitch: false, apply);

    private static ValueList<Cidr> ParseServiceCidrs(string value) =>
        value.Length == 0 ? [] : DualStack<Cidr>.TryParse(value, out var cidrs) ? [.. cidrs.ToArray()] : throw new FormatException(value);

    private static Flag Number(Func<AgentOptions, int, AgentOptions> apply) =>
        new(IsSwitch: false, (options, value) => apply(options, int.Parse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)));

    private static Flag Switch(Func<AgentOptions, bool, AgentOptions> apply) =>
        new(IsSwitch: true, (options, value) => apply(options, ParseBool(value)));

    /// <summary>The spellings that Go's strconv.ParseBool knows.</summary>
    private static bool ParseBool(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new FormatException(value),
    };
}
