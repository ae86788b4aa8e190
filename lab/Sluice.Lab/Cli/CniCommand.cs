using System.CommandLine;
using Sluice.Lab.Nodes;

namespace Sluice.Lab.Cli;

/// <summary>The lab's CNI plugin; for container runtimes, not for people.</summary>
internal static class CniCommand
{
    public static Command Create()
    {
        var node = new Argument<string>("NODE");
        var command = new Command(ChainedPlugin.Command, "Serve a container runtime as a CNI plugin") { node };
        command.Hidden = true;
        command.SetAction((result, cancellation) => ChainedPlugin.RunAsync(new LabLayout(LabName.Current), result.GetValue(node)!, cancellation));
        return command;
    }
}
