using System.Buffers;
using Sluice.Cni.Wire;

namespace Sluice.Cni;

/// <summary>The parameters that a container runtime passes in environment variables (CNI specification, section 2 "Parameters").</summary>
internal sealed record CniEnvironment
{
    private const int MaxInterfaceName = 15;

    private static readonly SearchValues<char> IdentifierCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <summary>ADD, DEL, CHECK, GC, STATUS or VERSION.</summary>
    public required string Command { get; init; }

    public string ContainerId { get; init; } = "";

    public string NetNs { get; init; } = "";

    public string IfName { get; init; } = "";

    /// <summary><c>K8S_POD_NAME</c> of <c>CNI_ARGS</c>.</summary>
    public string PodName { get; init; } = "";

    /// <summary><c>K8S_POD_NAMESPACE</c> of <c>CNI_ARGS</c>.</summary>
    public string PodNamespace { get; init; } = "";

    /// <summary><c>K8S_POD_UID</c> of <c>CNI_ARGS</c>; not every runtime passes it.</summary>
    public string PodUid { get; init; } = "";

    /// <param name="variable">Looks an environment variable up.</param>
    /// <exception cref="CniException">A variable that the command needs is missing or malformed.</exception>
    public static CniEnvironment Read(Func<string, string?> variable)
    {
        var args = ParseArgs(variable("CNI_ARGS") ?? "");
        var environment = new CniEnvironment
        {
            Command = variable("CNI_COMMAND") ?? "",
            ContainerId = variable("CNI_CONTAINERID") ?? "",
            NetNs = variable("CNI_NETNS") ?? "",
            IfName = variable("CNI_IFNAME") ?? "",
            PodName = args.GetValueOrDefault("K8S_POD_NAME", ""),
            PodNamespace = args.GetValueOrDefault("K8S_POD_NAMESPACE", ""),
            PodUid = args.GetValueOrDefault("K8S_POD_UID", ""),
        };
        environment.Validate();
        return environment;
    }

    /// <summary>The identifiers of the specification: letters, digits, '_', '.' and '-', the first a letter or digit.</summary>
    public static bool IsIdentifier(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(IdentifierCharacters);

    private void Validate()
    {
        switch (Command)
        {
            case "ADD":
                RequireAttachment(withNetNs: true);
                Require("CNI_ARGS K8S_POD_NAME", PodName);
                Require("CNI_ARGS K8S_POD_NAMESPACE", PodNamespace);
                break;
            case "CHECK":
                RequireAttachment(withNetNs: true);
                break;
            case "DEL":
                RequireAttachment(withNetNs: false);
                break;
            case "GC" or "STATUS" or "VERSION":
                break;
            case "":
                throw Invalid("CNI_COMMAND", "is missing");
            default:
                throw Invalid("CNI_COMMAND", $"is unknown: {Command}");
        }
    }

    private void RequireAttachment(bool withNetNs)
    {
        Require("CNI_CONTAINERID", ContainerId);
        Require("CNI_IFNAME", IfName);
        if (withNetNs)
            Require("CNI_NETNS", NetNs);
        if (!IsIdentifier(ContainerId))
            throw Invalid("CNI_CONTAINERID", $"has a character that no container id may have: {ContainerId}");
        if (IfName.Length > MaxInterfaceName || IfName is "." or ".." || IfName.Any(c => c is '/' or ':' || char.IsWhiteSpace(c)))
            throw Invalid("CNI_IFNAME", $"is not a name for an interface: {IfName}");
    }

    private static void Require(string name, string value)
    {
        if (value.Length == 0)
            throw Invalid(name, "is missing");
    }

    private static CniException Invalid(string name, string why) =>
        new(CniErrorCode.InvalidEnvironment, "invalid environment variables", $"{name} {why}");

    private static Dictionary<string, string> ParseArgs(string text)
    {
        var args = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw Invalid("CNI_ARGS", $"is not a list of KEY=VALUE pairs: {text}");
            args[pair[..equals]] = pair[(equals + 1)..];
        }
        return args;
    }
}
