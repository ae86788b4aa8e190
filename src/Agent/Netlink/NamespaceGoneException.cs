namespace Sluice.Agent.Netlink;

/// <summary>A network namespace does not exist, or no longer.</summary>
internal sealed class NamespaceGoneException(string path, Exception? inner)
    : Exception($"there is no network namespace at {path}", inner);
