using System.CommandLine;
using System.Globalization;
using Sluice.Lab.Processes;
using Spectre.Console;
using Command = System.CommandLine.Command;

namespace Sluice.Lab.Cli;

/// <summary>Bringing a lab up and down, and saying what it is.</summary>
internal static class LifecycleCommands
{
    public static Command Up()
    {
        var nodes = new Option<int>("--nodes") { Description = "Number of nodes", DefaultValueFactory = _ => 3 };
        var central = new Option<int>("--central") { Description = "Members of the OVN databases' cluster: 1, or 3 with RAFT", DefaultValueFactory = _ => 1 };
        central.AcceptOnlyFromAmong("1", "3");
        var dualStack = new Option<bool>("--dual-stack") { Description = "IPv6 beside IPv4" };
        var runtime = new Option<PodRuntime>("--runtime") { Description = "What runs pods: light (network namespaces only), or containerd with a kubelet (make setup-kubelet)" };
        var webhook = new Option<bool>("--webhook") { Description = "The controller reviews requests to the API server, see docs/admission.md" };
        var without = new Option<string[]>("--without") { Description = "Components to leave out, e.g. controller,agent", DefaultValueFactory = _ => [] };
        var controllerArguments = new Option<string[]>("--controller-arg") { Description = "A further flag for the controller; may be repeated", DefaultValueFactory = _ => [] };

        var command = new Command("up", "Bring the lab up; returns when everything is ready") { nodes, central, dualStack, webhook, runtime, without, controllerArguments };
        command.SetAction(async (result, cancellation) =>
        {
            var options = new LabOptions
            {
                Name = LabName.Current,
                Nodes = result.GetValue(nodes),
                CentralMembers = result.GetValue(central),
                DualStack = result.GetValue(dualStack),
                Webhook = result.GetValue(webhook),
                Runtime = result.GetValue(runtime),
                Without = [.. result.GetValue(without)!.SelectMany(names => names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
                ControllerArguments = result.GetValue(controllerArguments)!,
            };
            await UpAsync(options, cancellation);
        });
        return command;
    }

    public static Command Down()
    {
        var command = new Command("down", "Take the lab down and remove all its traces");
        command.SetAction((_, cancellation) => LabCluster.DownAsync(LabName.Current, cancellation));
        return command;
    }

    public static Command Status()
    {
        var command = new Command("status", "Show the lab's components; the exit code is 0 if all that were asked for run");
        command.SetAction(_ => ShowStatus(LabCluster.Open(LabName.Current)));
        return command;
    }

    public static Command Env()
    {
        var command = new Command("env", "Print the variables that other programs need to talk to the lab: eval \"$(lab env)\"");
        command.SetAction(_ =>
        {
            foreach (var (name, value) in LabCluster.Open(LabName.Current).Environment)
                Console.WriteLine($"export {name}='{value}'");
        });
        return command;
    }

    /// <summary>Brings a lab up and shows its parts as they become ready.</summary>
    internal static Task<LabCluster> UpAsync(LabOptions options, CancellationToken cancellation) =>
        LabCluster.UpAsync(options, new StepPrinter(Terminal.Create()), cancellation);

    private static int ShowStatus(LabCluster lab)
    {
        var table = new Table().Border(TableBorder.None).AddColumns("COMPONENT", "STATE", "PID", "LOG");
        var healthy = true;
        foreach (var component in lab.Components)
        {
            var state = component.State;
            healthy &= state == ComponentState.Running || !lab.Options.Has(component.Name);
            table.AddRow(component.Id, state.ToString(), component.Process?.Pid.ToString(CultureInfo.InvariantCulture) ?? "", component.LogFile);
        }
        Terminal.Create().Write(table);
        return healthy ? 0 : 1;
    }
}
