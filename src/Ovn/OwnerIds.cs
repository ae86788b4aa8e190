namespace Sluice.Ovn;

/// <summary>
/// The keys of <c>external_ids</c> that say who a row belongs to. This is the only place that declares them, see
/// docs/design/0002-rows-name-their-owner.md.
/// </summary>
public static class OwnerIds
{
    /// <summary>The system that wrote a row. Tools of Kube-OVN's world look for <see cref="KubeOvn"/>, so that is what we say as well.</summary>
    public const string Vendor = "vendor";

    /// <summary>Our value of <see cref="Vendor"/>.</summary>
    public const string KubeOvn = "kube-ovn";

    /// <summary>The <see cref="OwnerKey"/> whose plan contains the row.</summary>
    public const string Owner = "sluice-owner";

    /// <summary>The <see cref="RowId.Name"/> of the row.</summary>
    public const string Row = "sluice-row";

    /// <summary><paramref name="ids"/> and the three ids of a row that we own.</summary>
    public static StringMap Stamp(RowId id, StringMap ids) =>
        ids.With(Vendor, KubeOvn).With(Owner, id.Owner.ToString()).With(Row, id.Name);

    /// <summary>Whose row it is that carries <paramref name="ids"/>; null when it is not one of ours.</summary>
    public static RowId? Parse(StringMap ids) =>
        string.Equals(ids[Vendor], KubeOvn, StringComparison.Ordinal) && OwnerKey.TryParse(ids[Owner], out var owner) && ids[Row] is { } name
            ? new(owner, name)
            : null;
}
