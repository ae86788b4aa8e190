using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Ports;

namespace Sluice.Plan.Vpcs;

/// <summary>A pod that asks for public addresses by annotation (<see cref="PodAnnotations.Eip"/>, <see cref="PodAnnotations.Snat"/>).</summary>
/// <param name="Name">NAMESPACE/NAME.</param>
/// <param name="Created">Of two that ask for the same the older wins, then the one that comes first by name.</param>
/// <param name="Eip">The value of the annotation; null when there is none.</param>
/// <param name="Snat">The value of the annotation; null when there is none.</param>
/// <param name="Ip">Its addresses.</param>
/// <param name="Subnet">The subnet of <paramref name="Ip"/>.</param>
public sealed record AnnotatedPod(string Name, DateTimeOffset Created, string? Eip, string? Snat, Ip Ip, Subnet Subnet)
{
    /// <summary>Whether a pod has one of the annotations.</summary>
    public static bool Asks(Pod pod) =>
        pod.Metadata.Annotation(PodAnnotations.Default.Eip) is { Length: > 0 } || pod.Metadata.Annotation(PodAnnotations.Default.Snat) is { Length: > 0 };

    /// <summary>Those of the pods that ask, need a port and have addresses.</summary>
    /// <param name="findIp">Finds an IP by name.</param>
    /// <param name="findSubnet">Finds a Subnet by name.</param>
    public static IEnumerable<AnnotatedPod> Of(IEnumerable<Pod> pods, Func<string, Ip?> findIp, Func<string, Subnet?> findSubnet) =>
        from pod in pods
        where Asks(pod) && PortPlan.NeedsPort(pod)
        let ip = findIp(PortPlan.PortName(pod.Metadata))
        where !string.IsNullOrEmpty(ip?.Spec.Subnet)
        let subnet = findSubnet(ip.Spec.Subnet!)
        where subnet is not null
        select new AnnotatedPod(
            pod.Key.ToString(),
            pod.Metadata.CreationTimestamp ?? default,
            pod.Metadata.Annotation(PodAnnotations.Default.Eip),
            pod.Metadata.Annotation(PodAnnotations.Default.Snat),
            ip,
            subnet);

    /// <summary>Whether the pod is where such annotations are served: in a subnet behind the default VPC's router.</summary>
    public bool IsServed(VpcSettings settings) =>
        SubnetPorts.VpcOf(Subnet, settings.DefaultVpc) == settings.DefaultVpc && SubnetPorts.HasRouterPort(Subnet);

    /// <summary>The addresses that are to be set aside for pods, the oldest pod's first, each once.</summary>
    public static ImmutableArray<PodAddress> AddressesOf(IEnumerable<AnnotatedPod> pods, VpcSettings settings) =>
    [
        .. Oldest(pods.Where(pod => pod.IsServed(settings)))
            .SelectMany(pod => Addresses(pod.Eip).Select(address => new PodAddress(address, $"Pod/{pod.Name} eip"))
                .Concat(Addresses(pod.Snat).Select(address => new PodAddress(address, $"Pod/{pod.Name} snat"))))
            .DistinctBy(wanted => wanted.Address),
    ];

    internal static IEnumerable<AnnotatedPod> Oldest(IEnumerable<AnnotatedPod> pods) =>
        pods.OrderBy(pod => pod.Created).ThenBy(pod => pod.Name, StringComparer.Ordinal);

    private static IpAddress[] Addresses(string? text) => DualStack<IpAddress>.TryParse(text, out var addresses) ? addresses.ToArray() : [];
}

/// <summary>An address that a pod asks for.</summary>
/// <param name="Owner">Who has it, for messages to others; one name for each address.</param>
public readonly record struct PodAddress(IpAddress Address, string Owner)
{
    /// <summary>Sets the address aside.</summary>
    /// <returns>Why it can not be; null when it is.</returns>
    public Refusal? ReserveIn(SubnetPool pool)
    {
        if (pool.TryReserve(Owner, Address, out var refusal)) return null;
        return new(
            refusal!.Reason switch
            {
                RefusalReason.Taken => AddressReasons.Conflict,
                RefusalReason.OutOfRange or RefusalReason.IsGateway => AddressReasons.AddressOutOfRange,
                _ => AddressReasons.InvalidSpec,
            },
            refusal.Message);
    }
}
