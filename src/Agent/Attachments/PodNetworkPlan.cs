using System.Globalization;
using System.Text.Json;
using Sluice.Api;
using Sluice.Cni.Wire;
using Sluice.Kube.Core;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Attachments;

/// <summary>Reads what the controller wrote about a pod into what its interface shall be. Pure.</summary>
internal static class PodNetworkPlan
{
    /// <summary>Whether the controller has decided everything about this interface.</summary>
    public static bool IsAllocated(Pod pod)
    {
        var keys = PodAnnotations.Default;
        return pod.Metadata.Annotation(keys.Allocated) == "true"
            && pod.Metadata.Annotation(keys.IpAddress) is { Length: > 0 }
            && (!HasDefaultRoute(pod) || pod.Metadata.Annotation(keys.Routed) == "true");
    }

    /// <exception cref="CniFailureException">An annotation makes no sense; the message names it.</exception>
    public static PodNetwork For(PodNetworkInput input)
    {
        var keys = PodAnnotations.Default;
        var addresses = Addresses(input.Pod, keys);
        return new PodNetwork
        {
            Pod = input.Pod,
            IfaceId = Names.PodPort(input.Pod.Metadata.Name, input.Pod.Metadata.Namespace ?? ""),
            Mac = MacAddress.TryParse(Required(input.Pod, keys.MacAddress), out var mac) ? mac : throw Malformed(input.Pod, keys.MacAddress),
            Addresses = addresses,
            Routes = Routes(input, keys, addresses),
            Mtu = Mtu(input, keys),
            Subnet = Required(input.Pod, keys.LogicalSwitch),
            IsUnderlay = input.Pod.Metadata.Annotation(keys.ProviderNetwork) is { Length: > 0 },
            CheckGateway = !(input.Subnet?.Spec.DisableGatewayCheck ?? false),
            ChecksumInSoftware = input.IsUserspaceDatapath,
        };
    }

    /// <summary>Unless an interface of another CNI asks for it.</summary>
    private static bool HasDefaultRoute(Pod pod)
    {
        const string Key = ".kubernetes.io/default_route";
        return !(pod.Metadata.Annotations ?? new Dictionary<string, string>())
            .Any(annotation => annotation.Value == "true"
                && annotation.Key.EndsWith(Key, StringComparison.Ordinal)
                && annotation.Key != PodAnnotations.Default.DefaultRoute);
    }

    private static List<PodAddress> Addresses(Pod pod, PodAnnotations keys)
    {
        if (!DualStack<IpAddress>.TryParse(Required(pod, keys.IpAddress), out var addresses) || addresses.IsEmpty)
            throw Malformed(pod, keys.IpAddress);
        if (!DualStack<Cidr>.TryParse(Required(pod, keys.Cidr), out var cidrs))
            throw Malformed(pod, keys.Cidr);
        if (!DualStack<IpAddress>.TryParse(pod.Metadata.Annotation(keys.Gateway), out var gateways))
            throw Malformed(pod, keys.Gateway);
        return [.. addresses.ToArray().Select(address => new PodAddress(
            address,
            (cidrs[address.Family] ?? throw Malformed(pod, keys.Cidr)).PrefixLength,
            gateways[address.Family]))];
    }

    private static List<PodRoute> Routes(PodNetworkInput input, PodAnnotations keys, List<PodAddress> addresses)
    {
        var routes = new List<PodRoute>();
        if (HasDefaultRoute(input.Pod))
        {
            routes.AddRange(
                from address in addresses
                where address.Gateway is not null
                select new PodRoute(new Cidr(new IpAddress(address.Address.Family, 0), 0), address.Gateway));
        }
        foreach (var route in AnnotatedRoutes(input.Pod, keys).Concat(input.Request.Routes ?? []))
        {
            var parsed = Parse(route, addresses) ?? throw new CniFailureException(
                CniErrorCode.InvalidNetworkConfig, $"route to \"{route.Dst}\" via \"{route.Gw}\" is malformed");
            routes.RemoveAll(other => other.Destination == parsed.Destination);
            routes.Add(parsed);
        }
        return routes;
    }

    private static IEnumerable<Route> AnnotatedRoutes(Pod pod, PodAnnotations keys)
    {
        if (pod.Metadata.Annotation(keys.Routes) is not { Length: > 0 } json)
            return [];
        try
        {
            return JsonSerializer.Deserialize(json, AnnotationJson.Default.RouteArray) ?? [];
        }
        catch (JsonException)
        {
            throw Malformed(pod, keys.Routes);
        }
    }

    /// <summary>A destination without a prefix length is one host; a route without a gateway goes through the subnet's.</summary>
    private static PodRoute? Parse(Route route, List<PodAddress> addresses)
    {
        if (!Cidr.TryParse(route.Dst, out var destination))
        {
            if (!IpAddress.TryParse(route.Dst, out var host))
                return null;
            destination = new Cidr(host, host.Family == IpFamily.V4 ? 32 : 128);
        }
        if (route.Gw is not { Length: > 0 } via)
            return new PodRoute(destination, addresses.FirstOrDefault(address => address.Address.Family == destination.Family)?.Gateway);
        return IpAddress.TryParse(via, out var gateway) && gateway.Family == destination.Family ? new PodRoute(destination, gateway) : null;
    }

    /// <summary>The subnet's own, else that of the NIC that carries an underlay, else what tunnels leave.</summary>
    private static int Mtu(PodNetworkInput input, PodAnnotations keys)
    {
        if (input.Subnet?.Spec.Mtu is > 0 and { } own)
            return own;
        var label = input.Pod.Metadata.Annotation(keys.ProviderNetwork) is { Length: > 0 } network
            ? input.NodeLabels?.GetValueOrDefault(Names.Labels.ProviderNetworkMtu(network))
            : null;
        return int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var mtu) && mtu > 0 ? mtu : input.DefaultMtu;
    }

    private static string Required(Pod pod, string key) => pod.Metadata.Annotation(key) is { Length: > 0 } value
        ? value
        : throw CniFailureException.TryAgainLater($"pod {pod.Key} has no annotation {key}");

    private static CniFailureException Malformed(Pod pod, string key)
    {
        // An annotation may be as long as a book.
        const int Enough = 200;
        var text = pod.Metadata.Annotation(key) ?? "";
        return new(CniErrorCode.InvalidNetworkConfig, $"annotation {key} of pod {pod.Key} is malformed: {(text.Length > Enough ? text[..Enough] + "..." : text)}");
    }
}
