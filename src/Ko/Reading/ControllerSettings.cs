using System.Globalization;
using Sluice.Plan.Addressing;
using Sluice.Plan.Subnets;
using Sluice.Plan.Vpcs;

namespace Sluice.Ko.Reading;

/// <summary>The flags of the controller that plans depend on.</summary>
public sealed record ControllerSettings
{
    public VpcSettings Vpcs { get; init; } = new();

    public SubnetSettings Subnets { get; init; } = new();

    /// <summary>Namespace of the ConfigMap of the external gateway.</summary>
    public string ConfigNamespace { get; init; } = "kube-system";

    /// <summary>Reads <c>--name=value</c>; a later one wins, and those that plans do not depend on are passed over.</summary>
    public static ControllerSettings Parse(IEnumerable<string> flags)
    {
        var settings = new ControllerSettings();
        foreach (var flag in flags)
        {
            var (vpcs, subnets) = (settings.Vpcs, settings.Subnets);
            settings = flag.Split('=', 2) switch
            {
                ["--cluster-router", var vpc] => settings with { Vpcs = vpcs with { DefaultVpc = vpc }, Subnets = subnets with { DefaultVpc = vpc } },
                ["--node-switch", var name] => settings with { Vpcs = vpcs with { NodeSwitch = name }, Subnets = subnets with { NodeSwitch = name } },
                ["--external-gateway-switch", var name] => settings with { Vpcs = vpcs with { DefaultExternalSubnet = name } },
                ["--enable-eip-snat", var value] => settings with { Vpcs = vpcs with { EnableEipSnat = value == "true" } },
                ["--external-gateway-net", var name] => settings with { Vpcs = vpcs with { ExternalProvider = name } },
                ["--external-gateway-vlanid", var text] when int.TryParse(text, CultureInfo.InvariantCulture, out var vlan)
                    => settings with { Vpcs = vpcs with { ExternalVlan = vlan } },
                ["--external-gateway-config-ns", var name] => settings with { ConfigNamespace = name },
                ["--default-ls", var name] => settings with { Subnets = subnets with { DefaultSubnet = name } },
                ["--default-provider-name", var name] => settings with { Subnets = subnets with { DefaultProvider = name } },
                ["--service-cluster-ip-range", var text] when IpList.TryParse<Cidr>(text, out var services)
                    => settings with { Subnets = subnets with { ServiceCidrs = services } },
                ["--node-local-dns-ip", var text] when IpList.TryParse<IpAddress>(text, out var dns)
                    => settings with { Subnets = subnets with { NodeLocalDns = dns } },
                ["--enable-lb", var value] => settings with { Subnets = subnets with { EnableLb = value == "true" } },
                _ => settings,
            };
        }
        return settings;
    }
}
