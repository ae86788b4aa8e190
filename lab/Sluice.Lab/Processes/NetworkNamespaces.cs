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

    /// <summary>Deletes a namespace, and with it the interfaces that live there; one that does not exist is fine.</summary>
    public static async Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        if (Exists(name))
            await new Command("ip", "netns", "del", name).RunAsync(cancellation);
    }
}
