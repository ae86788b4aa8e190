using Sluice.Kube;

namespace Sluice.Plan;

/// <summary>Which of two objects of a kind was there first. That one keeps what both want.</summary>
public static class Age
{
    /// <summary>By time of creation, which counts seconds, then by name.</summary>
    public static bool IsOlder(KubeObject item, KubeObject than)
    {
        var order = (item.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue).CompareTo(than.Metadata.CreationTimestamp ?? DateTimeOffset.MaxValue);
        return order < 0 || (order == 0 && string.CompareOrdinal(item.Metadata.Name, than.Metadata.Name) < 0);
    }
}
