using System.Security.Cryptography;
using System.Text;
using Sluice.Agent.Netlink;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Attachments;

/// <summary>The host's ends of pods' pairs: how they are called and marked.</summary>
internal static class HostLink
{
    private const string Mark = "sluice-cni";
    private const string MarkUnfinished = $"{Mark} unfinished";

    /// <summary>
    /// Kube-OVN's names: <c>CONTAINER_h</c> for eth0, <c>CONTAINER_IF_h</c> for others, the container's id cut so that the name has
    /// at most 15 characters, all that Linux allows. A long interface name would leave too little of the id, so a hash stands for both then.
    /// </summary>
    public static string Name(AttachmentId id)
    {
        const int IdLength = 12;
        const int MaxInterfaceName = 6;
        if (id.IfName == "eth0")
            return $"{Cut(id.ContainerId, IdLength)}_h";
        if (id.IfName.Length <= MaxInterfaceName)
            return $"{Cut(id.ContainerId, IdLength - id.IfName.Length)}_{id.IfName}_h";
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{id.ContainerId}/{id.IfName}"));
        return $"{Convert.ToHexStringLower(hash)[..IdLength]}_h";
    }

    /// <summary>The alias of a link, so that one that was made but not finished by a process that died can be told from others.</summary>
    public static string Alias(AttachmentId id, bool finished) => $"{(finished ? Mark : MarkUnfinished)} {id.ContainerId} {id.IfName}";

    /// <summary>Whether the link is one of ours.</summary>
    public static bool IsOurs(LinkEntry link) => link.Kind == "veth" && link.Alias.StartsWith($"{Mark} ", StringComparison.Ordinal);

    public static bool IsUnfinished(LinkEntry link) => IsOurs(link) && link.Alias.StartsWith($"{MarkUnfinished} ", StringComparison.Ordinal);

    private static string Cut(string text, int length) => text[..Math.Min(text.Length, length)];
}
