namespace Sluice.Kube;

public enum WatchEventType
{
    Added,
    Modified,

    /// <summary>The object is gone; the event carries its last state, at the version of the deletion.</summary>
    Deleted,

    /// <summary>Nothing happened up to <see cref="WatchEvent{T}.ResourceVersion"/>: a place to resume from.</summary>
    Bookmark,
}

/// <summary>One change.</summary>
/// <param name="Object">Null for a bookmark, and when the object is <see cref="Unreadable"/>.</param>
/// <param name="ResourceVersion">A watch that starts here continues after this event.</param>
public readonly record struct WatchEvent<T>(WatchEventType Type, T? Object, string ResourceVersion)
    where T : KubeObject
{
    /// <summary>The object that has changed but cannot be read; null unless <see cref="WatchOptions.KeepUnreadable"/> was asked for.</summary>
    public UnreadableObject? Unreadable { get; init; }
}
