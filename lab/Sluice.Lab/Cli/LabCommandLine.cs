using System.CommandLine;

namespace Sluice.Lab.Cli;

/// <summary>The commands of <c>./lab/lab</c>.</summary>
internal static class LabCommandLine
{
    public static RootCommand Create()
    {
        var root = new RootCommand("A whole cluster on this machine: Kubernetes API, OVN, nodes and pods in network namespaces, and an outside. LAB=name picks one of several.")
        {
            LifecycleCommands.Up(),
            LifecycleCommands.Down(),
            LifecycleCommands.Status(),
            LifecycleCommands.Env(),
            DemoCommand.Create(),
            KubeletCommand.Create(),
            CniCommand.Create(),
            SoakCommand.Create(),
        };
        foreach (var (name, arguments, description) in PassThrough.Help)
            root.Add(new Command(name, description) { new Argument<string[]>(arguments) });
        foreach (var command in ComponentCommands.All())
            root.Add(command);
        return root;
    }
}
