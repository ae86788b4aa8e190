using System.CommandLine;
using Sluice.Lab.Processes;
using Command = System.CommandLine.Command;

namespace Sluice.Lab.Cli;

/// <summary>What can be done to one component: the ways in which programs come and go, and fail.</summary>
internal static class ComponentCommands
{
    public static IEnumerable<Command> All()
    {
        yield return Create("start", "Start a component and wait until it is ready", (component, cancellation) => component.StartAsync(cancellation));
        yield return Create("stop", "Let a component end (SIGTERM)", (component, cancellation) => component.StopAsync(cancellation));
        yield return Create("kill", "End a component at once (SIGKILL)", (component, cancellation) => component.KillAsync(cancellation));
        yield return Create("pause", "Freeze a component (SIGSTOP)", (component, _) => Run(component.Pause));
        yield return Create("resume", "Let a frozen component go on (SIGCONT)", (component, _) => Run(component.Resume));
        yield return Logs();
    }

    private static Command Create(string name, string description, Func<Component, CancellationToken, Task> act)
    {
        var id = ComponentArgument();
        var command = new Command(name, description) { id };
        command.SetAction((result, cancellation) => act(LabCluster.Open(LabName.Current).Component(result.GetValue(id)!), cancellation));
        return command;
    }

    private static Command Logs()
    {
        var id = ComponentArgument();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as lines are added" };
        var command = new Command("logs", "Print what a component has printed") { id, follow };
        command.SetAction((result, cancellation) =>
        {
            var file = LabCluster.Open(LabName.Current).Component(result.GetValue(id)!).LogFile;
            string[] arguments = result.GetValue(follow) ? ["-n", "+1", "-F", file] : ["-n", "+1", file];
            return new Processes.Command("tail", arguments).PassThroughAsync(cancellation);
        });
        return command;
    }

    private static Argument<string> ComponentArgument() =>
        new("COMPONENT[@NODE]") { Description = "e.g. controller, agent@pc-node-1, nb, sb, northd, apiserver, etcd, ovn-controller@pc-node-2; see status" };

    private static Task Run(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
