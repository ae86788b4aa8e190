using Sluice.Plan.Addressing;

namespace Sluice.Agent.Netlink;

/// <summary>Settings below <c>/proc/sys/net</c> of the network namespace that the calling thread is in.</summary>
internal static class Sysctl
{
    /// <summary>The value, or null where the kernel has no such setting (IPv6 may be compiled out or an interface gone).</summary>
    public static string? Read(string family, string link, string name)
    {
        try
        {
            return File.ReadAllText(PathOf(family, link, name)).TrimEnd();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes only what differs.</summary>
    /// <returns>Whether the kernel has such a setting.</returns>
    public static bool Write(string family, string link, string name, string value)
    {
        var current = Read(family, link, name);
        if (current is not null && current != value)
            File.WriteAllText(PathOf(family, link, name), value);
        return current is not null;
    }

    /// <summary>What the kernel calls a family here.</summary>
    public static string FolderOf(IpFamily family) => family == IpFamily.V4 ? "ipv4" : "ipv6";

    // A dot in an interface's name is an ordinary character in a path, unlike in the names that sysctl(8) takes.
    private static string PathOf(string family, string link, string name) => $"/proc/sys/net/{family}/conf/{link}/{name}";
}
