using System.Collections.Immutable;
using Sluice.Lab.Nodes;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Soak;

/// <summary>Something that goes wrong in a lab, and how it is put right.</summary>
/// <param name="Name">For people.</param>
/// <param name="Duration">How long it stays wrong.</param>
internal sealed record Fault(string Name, TimeSpan Duration, Func<Task> Inject, Func<Task> Heal)
{
    /// <summary>The node whose own pods are cut off meanwhile, after <see cref="Inject"/>; none in most.</summary>
    public Func<string?> CutsOff { get; init; } = () => null;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);

    /// <summary>Longer than the controller's lease in a lab, and than what clients wait for an answer.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(15);

    /// <summary>All that is tried. A controller that has ended is started again by others.</summary>
    /// <param name="active">The node that carries the gateway port now.</param>
    public static ImmutableArray<Fault> Of(LabCluster lab, Func<Task<LabNode>> active)
    {
        var central = lab.Ovn.Members[0];
        LabNode? gateway = null;
        return
        [
            new("controller killed", Short, () => lab.Controller.KillAsync(), () => Task.CompletedTask),
            Paused("controller, longer than its lease", lab.Controller, Long),
            Killed("API server", lab.ControlPlane.ApiServer, Short),
            Paused("API server", lab.ControlPlane.ApiServer, Long),
            Killed("etcd", lab.ControlPlane.Etcd, Short),
            Killed("northbound database server", central.Northbound.Server, Short),
            Paused("northbound database server", central.Northbound.Server, Long),
            Killed("southbound database server", central.Southbound.Server, Short),
            Killed("ovn-northd", central.Northd, Short),
            new("agents of all nodes killed", Short, () => EachAsync(lab, node => node.Agent.KillAsync()), () => EachAsync(lab, node => node.Agent.StartAsync())),
            new("ovn-controllers of all nodes killed", Short,
                () => EachAsync(lab, node => node.OvnController.KillAsync()), () => EachAsync(lab, node => node.OvnController.StartAsync())),
            new("active gateway node: ovn-controller and ovs-vswitchd killed", Short, async () =>
            {
                gateway = await active();
                await Task.WhenAll(gateway.OvnController.KillAsync(), gateway.Ovs.Switch.KillAsync());
            }, async () =>
            {
                if (gateway is not null)
                    await Task.WhenAll(gateway.Ovs.Switch.StartAsync(), gateway.OvnController.StartAsync());
            }) { CutsOff = () => gateway?.Name },
            new("active gateway node relabelled", Short, async () =>
            {
                gateway = await active();
                await LabelAsync(lab, gateway, "false");
            }, async () =>
            {
                if (gateway is not null)
                    await LabelAsync(lab, gateway, "true");
            }),
        ];
    }

    private static Fault Killed(string what, Component component, TimeSpan duration) =>
        new($"{what} killed", duration, () => component.KillAsync(), () => component.StartAsync());

    private static Fault Paused(string what, Component component, TimeSpan duration) =>
        new($"{what} paused", duration, () => SignalAsync(component, Signal.Stop), () => SignalAsync(component, Signal.Continue));

    private static Task SignalAsync(Component component, Signal signal)
    {
        component.Process?.Send(signal);
        return Task.CompletedTask;
    }

    private static Task EachAsync(LabCluster lab, Func<LabNode, Task> action) => Task.WhenAll(lab.Nodes.Select(action));

    private static Task LabelAsync(LabCluster lab, LabNode node, string value) =>
        lab.Kubectl("label", "--overwrite", "node", node.Name, $"ovn.kubernetes.io/external-gw={value}").RunAsync();
}
