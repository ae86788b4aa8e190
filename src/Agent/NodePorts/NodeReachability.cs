using System.Collections.Immutable;
using Sluice.Agent.Nodes;
using Sluice.Agent.Packets;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.NodePorts;

/// <summary>Asks whether the overlay's gateway answers the node, and says so in the Node's condition NetworkUnavailable.</summary>
internal sealed class NodeReachability(NodeConditionWriter conditions, TimeProvider time)
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WhenReachable = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WhenNot = TimeSpan.FromSeconds(2);

    /// <param name="open">Opens a socket on the node port for each family.</param>
    /// <returns>When to ask again.</returns>
    public async Task<TimeSpan> CheckAsync(
        Func<Task<Dictionary<IpFamily, (PacketSocket Socket, MacAddress Mac)>>> open,
        ImmutableArray<(IpAddress Address, IpAddress Gateway)> gateways,
        CancellationToken ct)
    {
        var sockets = await open();
        using var timer = new CancellationTokenSource(Wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            foreach (var (address, gateway) in gateways)
            {
                var (socket, mac) = sockets[address.Family];
                await new Neighbors(socket, mac, time).WaitForAsync(address, gateway, either.Token);
            }
            await conditions.SetNetworkUnavailableAsync(false, "JoinSubnetGatewayReachable", "the gateway of the node's subnet answers", ct);
            return WhenReachable;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var names = string.Join(", ", gateways.Select(gateway => gateway.Gateway));
            await conditions.SetNetworkUnavailableAsync(true, "JoinSubnetGatewayUnreachable", $"the gateway of the node's subnet does not answer: {names}", ct);
            return WhenNot;
        }
        finally
        {
            foreach (var (socket, _) in sockets.Values)
                socket.Dispose();
        }
    }
}
