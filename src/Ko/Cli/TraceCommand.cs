using System.CommandLine;
using System.Net;
using Sluice.Api;
using Sluice.Ko.Backends;
using Sluice.Ko.Databases;
using Sluice.Ko.Processes;
using Sluice.Ko.Tracing;
using Sluice.Kube;
using Sluice.Plan.Addressing;

namespace Sluice.Ko.Cli;

/// <summary>Asks ovn-trace(8) what becomes of a packet that a pod sends.</summary>
internal static class TraceCommand
{
    // The packet passes connection tracking in the switch, in the router on its way in and out, and in the other switch.
    private static readonly string[] NewConnection = ["--ct=new", "--ct=new", "--ct=new", "--ct=new"];

    public static Command Create(KoProgram program)
    {
        var words = new Argument<string[]>("[NAMESPACE/]POD ADDRESS [MAC] icmp|tcp PORT|udp PORT")
        {
            Description = "From where, to where, through which neighbour (found out when left out), carrying what",
        };
        var command = new Command("trace", KoCommandLine.Describe("Ask ovn-trace what becomes of a packet of a pod", "trace vpc1/vpc-1-busybox01 223.5.5.5 icmp"))
        {
            words,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var request = TraceRequest.Parse(result.GetValue(words) ?? []);
            var backend = await program.BackendAsync(cancellation);
            using var kube = new KubeClient(Sluice.Kube.KubeConfig.Load(backend.KubeConfig));
            var ip = await FindAddressAsync(kube, request.Pod, cancellation);
            var flow = new Microflow(ip, request.Destination, request.Mac ?? await NextHopAsync(program, backend, kube, ip, request.Destination, cancellation), request.Protocol);
            await program.Output.WriteLineAsync($"# {flow}");
            await program.Output.FlushAsync(cancellation);
            var trace = await backend.AtLeaderAsync(
                OvnDb.Southbound, "ovn-trace", _ => [.. NewConnection, ip.Spec.Subnet!, flow.ToString()], input: false, cancellation);
            return await program.Processes.PassThroughAsync(trace, cancellation);
        });
        return command;
    }

    private static async Task<Ip> FindAddressAsync(KubeClient kube, ObjectKey pod, CancellationToken cancellation)
    {
        var name = Names.PodPort(pod.Name, pod.Namespace!);
        return await kube.FindAsync(SluiceResources.Ips, null, name, cancellation) is { Spec: { Subnet.Length: > 0, MacAddress.Length: > 0 } } ip
            ? ip
            : throw new KoException($"pod {pod} has no address: there is no IP {name} with one; see kubectl ko explain pod {pod}");
    }

    /// <summary>Who on the pod's subnet gets the packet.</summary>
    private static async Task<string> NextHopAsync(
        KoProgram program, IBackend backend, KubeClient kube, Ip ip, IPAddress destination, CancellationToken cancellation)
    {
        var subnet = await kube.GetAsync(SluiceResources.Subnets, null, ip.Spec.Subnet!, cancellation);
        if (await OnLinkAsync(kube, subnet, destination, cancellation) is { } neighbour)
            return neighbour;
        if (!Plan.Vpcs.SubnetPorts.HasRouterPort(subnet))
            throw new KoException($"the gateway of Subnet {subnet.Metadata.Name} is outside of OVN: give its MAC address");

        var port = Names.RouterPort(subnet.Spec.Vpc!, subnet.Metadata.Name);
        var mac = await backend.AtLeaderAsync(OvnDb.Northbound, "ovn-nbctl", _ => ["get", "Logical_Router_Port", port, "mac"], input: false, cancellation);
        return (await program.Processes.ReadAsync(mac, cancellation)).Trim().Trim('"');
    }

    /// <summary>The MAC address of a destination in the pod's own subnet; null for one elsewhere.</summary>
    private static async Task<string?> OnLinkAsync(KubeClient kube, Subnet subnet, IPAddress destination, CancellationToken cancellation)
    {
        var text = destination.ToString();
        if (!IpAddress.TryParse(text, out var address)
            || !DualStack<Cidr>.TryParse(subnet.Spec.CidrBlock, out var cidrs)
            || cidrs[address.Family]?.Contains(address) != true)
        {
            return null;
        }
        var ips = await kube.ListAsync(SluiceResources.Ips, cancellationToken: cancellation);
        return ips.Items.FirstOrDefault(ip => ip.Spec.Subnet == subnet.Metadata.Name && (ip.Spec.V4IpAddress == text || ip.Spec.V6IpAddress == text))?.Spec.MacAddress
            ?? (subnet.Spec.Gateway?.Split(',').Contains(text, StringComparer.Ordinal) == true
                ? null
                : throw new KoException($"no IP of Subnet {subnet.Metadata.Name} has the address {text}: give its MAC address"));
    }
}
