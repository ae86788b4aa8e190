using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ko.Reading;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Namespaces;
using Sluice.Plan.Ports;
using Sluice.Plan.Vpcs;

namespace Sluice.Ko.Explaining;

/// <summary>What is inside: a pod with its address, a Vip, a subnet.</summary>
internal static class PodSteps
{
    public static IEnumerable<Step> OfVip(ClusterObjects objects, string name)
    {
        if (objects.Vips.Find(name) is not { } vip)
        {
            yield return new(Layer.Address, nameof(Vip), name, StepState.Broken, $"Vip \"{name}\" does not exist");
            yield break;
        }
        yield return InnerSubnet(objects, AddressHome.Of(vip));
        var address = string.Join(',', ((string?[])[vip.Status?.V4ip, vip.Status?.V6ip]).Where(text => !string.IsNullOrEmpty(text)));
        yield return address.Length > 0
            ? new(Layer.Address, nameof(Vip), name, StepState.Ok, address)
            : new(
                Layer.Address, nameof(Vip), name, StepState.Broken,
                vip.Status?.Conditions.Find(ConditionTypes.Ready)?.Message ?? $"Vip \"{name}\" has no address yet");
    }

    /// <param name="name">Of the IP, which is that of the pod's port.</param>
    public static IEnumerable<Step> OfIp(ClusterObjects objects, string name)
    {
        var ip = objects.Ips.Find(name);
        var pod = objects.Pods.All.FirstOrDefault(pod => PortPlan.PortName(pod.Metadata) == name);
        if (pod is not null)
            yield return OfPod(objects, pod, ip);
        else if (ip is null || ip.Metadata.Label(Names.Labels.IpReserved) != "true")
            yield return new(Layer.Pod, nameof(Pod), name, StepState.Broken, $"no Pod is called \"{name}\" (POD.NAMESPACE)");
        if (ip is not null)
        {
            yield return InnerSubnet(objects, AddressHome.Of(ip));
            yield return new(Layer.Address, "IP", name, StepState.Ok, $"{ip.Spec.IpAddress}, {ip.Spec.MacAddress}");
        }
        else
        {
            yield return new(Layer.Address, "IP", name, StepState.Broken, $"IP \"{name}\" does not exist");
        }
    }

    public static Step InnerSubnet(ClusterObjects objects, string? name) => objects.Subnets.Find(name) is { } subnet
        ? new(Layer.InnerSubnet, nameof(Subnet), subnet.Metadata.Name, StepState.Ok, $"{subnet.Spec.CidrBlock}, Vpc {SubnetPorts.VpcOf(subnet, objects.Settings.DefaultVpc)}")
        : new(Layer.InnerSubnet, nameof(Subnet), name ?? "", StepState.Broken, $"Subnet \"{name}\" does not exist");

    private static Step OfPod(ClusterObjects objects, Pod pod, Ip? ip)
    {
        var name = new ObjectKey(pod.Metadata.Namespace, pod.Metadata.Name).ToString();
        if (pod.Spec.HostNetwork)
            return Step(StepState.Broken, $"Pod {name} has the network of its node (spec.hostNetwork), and so no address of its own");
        if (pod.IsCompleted)
            return Step(StepState.Broken, $"Pod {name} has ended ({pod.Status.Phase}) and keeps no address");
        if (ip is null)
            return Step(StepState.Broken, $"Pod {name} has no address: {WhyNoAddress(objects, pod)}");
        return string.IsNullOrEmpty(pod.Spec.NodeName)
            ? Step(StepState.Broken, $"Pod {name} is on no node yet")
            : Step(StepState.Ok, $"on Node {pod.Spec.NodeName}");

        Step Step(StepState state, string summary) => new(Layer.Pod, nameof(Pod), name, state, summary);
    }

    /// <summary>Looks for a subnet as the controller does.</summary>
    private static string WhyNoAddress(ClusterObjects objects, Pod pod)
    {
        var request = PodRequest.Of(pod, isRecorded: false, StatefulSetOf(objects, pod));
        if (request.Problem is { } problem)
            return problem.Message;
        if (request.Subnet is { } wanted && objects.Subnets.Find(wanted) is null)
            return $"{PodAnnotations.Default.LogicalSwitch}: Subnet \"{wanted}\" does not exist";

        ImmutableArray<Subnet> candidates = request.Subnet is { } given
            ? [objects.Subnets.Find(given)!]
            : objects.Namespaces.Find(pod.Metadata.Namespace) is { } ns
                ? NamespacePlan.SubnetsOf(ns, objects.Subnets.All, objects.Vpcs.All, objects.Controller.Subnets.DefaultSubnet)
                : [];
        if (candidates.IsEmpty)
            return $"no Subnet is for namespace \"{pod.Metadata.Namespace}\": name it in spec.namespaces of one";
        if (candidates.All(subnet => IsFull(subnet)))
            return $"no address of Subnet {string.Join(", ", candidates.Select(subnet => $"\"{subnet.Metadata.Name}\""))} is free";
        return request.Addresses.IsEmpty
            ? "the controller has not given it one yet"
            : $"the controller has not given it {string.Join(" or ", request.Addresses.Select(address => address.V4))}, which its annotations ask for";
    }

    private static StatefulSet? StatefulSetOf(ClusterObjects objects, Pod pod) => PodRequest.StatefulSetOf(pod.Metadata) is var (owner, _)
        ? objects.StatefulSets.All.FirstOrDefault(set => set.Key == new ObjectKey(pod.Metadata.Namespace, owner.Name))
        : null;

    private static bool IsFull(Subnet subnet) =>
        SubnetAddresses.TryRead(subnet.Spec, out _, out _) && subnet.Status is { } status && status.V4AvailableIPs == 0 && status.V6AvailableIPs == 0;
}
