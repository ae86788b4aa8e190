using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;

namespace Sluice.Plan.Ports;

/// <summary>NICs that a pod asks for beside its first, by annotations of another provider. None is served: a pod has one NIC.</summary>
public static class FurtherNics
{
    private const string Domain = ".kubernetes.io/";
    private static readonly string Own = $"{Names.DefaultProvider}{Domain}";

    /// <summary>What asks for a NIC, without the provider.</summary>
    private static readonly ImmutableArray<string> Wishes =
    [
        .. ((IEnumerable<string>)[PodAnnotations.Default.LogicalSwitch, PodAnnotations.Default.IpAddress, PodAnnotations.Default.IpPool, PodAnnotations.Default.MacAddress])
            .Select(key => key[Names.DefaultProvider.Length..]),
    ];

    /// <summary>Why the pod does not have them, one for each provider in ascending order.</summary>
    public static ImmutableArray<AddressRefusal> RefusalsFor(Pod pod) =>
    [
        .. from key in pod.Metadata.Annotations?.Keys ?? []
           where !key.StartsWith(Own, StringComparison.Ordinal) && Wishes.Any(wish => key.Length > wish.Length && key.EndsWith(wish, StringComparison.Ordinal))
           orderby key
           group key by key[..key.LastIndexOf(Domain, StringComparison.Ordinal)] into nic
           orderby nic.Key
           select new AddressRefusal(PortReasons.NotSupported, $"{nic.First()}: provider \"{nic.Key}\" is not served: a pod has one NIC, of provider \"{Names.DefaultProvider}\""),
    ];
}
