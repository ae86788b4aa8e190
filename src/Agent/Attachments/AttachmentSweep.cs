using System.Collections.Immutable;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Attachments;

/// <summary>Decides which attachments are left over from pods and processes that are gone. Pure.</summary>
internal static class AttachmentSweep
{
    /// <summary>An interface of OVS that was made for a pod.</summary>
    /// <param name="Link">Its name, and that of the host's end of the pair.</param>
    /// <param name="HasNamespace">Whether the pod's network namespace exists; null when the row does not name it.</param>
    /// <param name="HasPod">Whether the API server knows the pod, on this node.</param>
    internal sealed record Present(string Link, AttachmentId Id, bool? HasNamespace, bool HasPod);

    /// <param name="Remove">Names of interfaces, to be removed from OVS and from the host.</param>
    /// <param name="Suspects">Names that are removed unless the next sweep finds them in order.</param>
    internal sealed record Result(ImmutableHashSet<string> Remove, ImmutableHashSet<string> Suspects);

    /// <param name="ports">Of OVS.</param>
    /// <param name="links">Of the host, see <see cref="HostLink.IsOurs"/>, and whether each was left unfinished.</param>
    /// <param name="busy">Names that a request works on right now.</param>
    /// <param name="suspects">Of the sweep before.</param>
    public static Result For(
        IReadOnlyCollection<Present> ports, IReadOnlyCollection<(string Name, bool Unfinished)> links, IReadOnlySet<string> busy, ImmutableHashSet<string> suspects)
    {
        var known = ports.Select(port => port.Link).ToHashSet();

        // Of a pair that is not finished, or that nothing in OVS knows, no runtime was ever told.
        var abandoned = links.Where(link => link.Unfinished || !known.Contains(link.Name)).Select(link => link.Name);
        var gone = ports.Where(port => port.HasNamespace == false).Select(port => port.Link);

        // Objects may be gone a while before their containers are; the runtime says DEL when they are. A second look, in case it does not.
        var orphans = ports.Where(port => port.HasNamespace != false && !port.HasPod).Select(port => port.Link).Where(name => !busy.Contains(name)).ToImmutableHashSet();
        return new Result(
            abandoned.Concat(gone).Where(name => !busy.Contains(name)).Concat(orphans.Where(suspects.Contains)).ToImmutableHashSet(),
            orphans.Except(suspects));
    }
}
