using System.Collections.Immutable;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>The ConfigMap that connects the default VPC.</summary>
internal static class ConfigMapSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Of("""{"external-gw-nodes":"nowhere"}"""),
        Of("""{"external-gw-nodes":""}"""),
        Of("""{"external-gw-nodes":"n1 n2 n3"}"""),
        Of("""{"type":"central"}"""),
        Of("""{"enable-external-gw":"ture"}"""),
        Of("""{"enable-external-gw":""}"""),
        Of("""{"external-gw-addr":"10.9.9.9/24"}"""),
        Of("""{"external-gw-addr":"x"}"""),
        Of("""{"nic-ip":"10.5.204.111/24","nic-mac":"x"}"""),
        Of("""{"nic-ip":"10.9.9.9/24"}"""),
    ];

    private static Slip Of(string fields) => Slips.Edit("ConfigMap", CoreResources.ConfigMaps, LiveNetwork.Gateway, fields, part: "data");
}
