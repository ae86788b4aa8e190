using System.Security.Cryptography;
using System.Text;
using Sluice.Kube.Core;

namespace Sluice.Kube;

/// <summary>What makes two events the same, so that one is counted instead of two being stored.</summary>
/// <param name="Subject">Without a version: that says nothing about identity.</param>
internal readonly record struct EventKey(string Component, ObjectReference Subject, string Type, string Reason, string Message)
{
    private const int MaxNameLength = 253;

    /// <summary>Events about cluster-scoped objects live in the default namespace, where kubectl looks for them.</summary>
    public string Namespace => Subject.Namespace ?? "default";

    /// <summary>The same in every process and after every restart, so that also these count one event.</summary>
    public string Name
    {
        get
        {
            var identity = string.Join('\0', Component, Subject.ApiVersion, Subject.Kind, Subject.Uid, Type, Reason, Message);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 8));
            var name = Subject.Name ?? "";
            return $"{name[..Math.Min(name.Length, MaxNameLength - hash.Length - 1)]}.{hash}";
        }
    }
}
