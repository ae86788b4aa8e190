using System.Globalization;

namespace Sluice.Lab.Processes;

/// <summary>Named network namespaces, where iproute2 keeps them (ip-netns(8)).</summary>
public static class NetworkNamespaces
{
    private const string Folder = "/run/netns";

    public static string PathOf(string name) => $"{Folder}/{name}";

    public static bool Exists(string name) => File.Exists(PathOf(name));

    /// <summary>The namespaces whose names begin with <paramref name="prefix"/>.</summary>
    public static IReadOnlyList<string> List(string prefix) => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, $"{prefix}*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Creates a namespace with its loopback interface up.</summary>
    public static async Task CreateAsync(string name, CancellationToken cancellation = default)
    {
        await new Command("ip", "netns", "add", name).RunAsync(cancellation);
        await new Command("ip", "-n", name, "link", "set", "lo", "up").RunAsync(cancellation);
    }

    /// <summary>Kills every process that lives in a namespace.</summary>
    public static async Task KillProcessesAsync(string name, CancellationToken cancellation = default)
    {
        // A pid that is listed both before and after its process was identified belongs to that very process.
        var identities = (await ProcessIdsAsync(name, cancellation)).Select(ProcessIdentity.Of).OfType<ProcessIdentity>().ToList();
        var still = await ProcessIdsAsync(name, cancellation);
        foreach (var process in identities.Where(process => still.Contains(process.Pid)))
            process.Send(Signal.Kill);
    }

    /// <summary>Deletes a namespace, and with it the interfaces that live there; one that does not exist is fine.</summary>
    public static async Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        if (Exists(name))
            await new Command("ip", "netns", "del", name).RunAsync(cancellation);
    }

    private static async Task<HashSet<int>> ProcessIdsAsync(string name, CancellationToken cancellation) =>
        [.. (await new Command("ip", "netns", "pids", name).RunAsync(cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
}
