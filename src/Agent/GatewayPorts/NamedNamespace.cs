using Sluice.Agent.Processes;

namespace Sluice.Agent.GatewayPorts;

/// <summary>A network namespace that ip-netns(8) knows by name, so that people find it.</summary>
internal static class NamedNamespace
{
    public static Task CreateAsync(string name, CancellationToken ct) => HostCommand.RunAsync(["ip", "netns", "add", name], ct);

    /// <summary>Takes the name away; the namespace ends with the last process in it.</summary>
    public static Task DeleteAsync(string name, CancellationToken ct) => HostCommand.RunAsync(["ip", "netns", "del", name], ct);
}
