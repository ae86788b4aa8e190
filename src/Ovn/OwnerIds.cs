using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>
/// The keys of <c>external_ids</c> that say who a row belongs to. This is the only place that declares them, see
/// docs/design/0002-rows-name-their-owner.md.
/// </summary>
public static class OwnerIds
{
    /// <summary>
    /// The system that wrote a row. Tools of Kube-OVN's world look for <see cref="KubeOvn"/>, so that is what we say as well.
    /// </summary>
    public const string Vendor = "vendor";

    /// <summary>Our value of <see cref="Vendor"/>.</summary>
    public const string KubeOvn = "kube-ovn";

    /// <summary>The <see cref="OwnerKey"/> whose plan contains the row.</summary>
    public const string Owner = "sluice-owner";

    /// <summary>The <see cref="RowId.Name"/> of the row.</summary>
    public const string Row = "sluice-row";

    /// <summary>
    /// On a row that an earlier system wrote and that we took over. Rows without any mark below it may be that system's as well, see
    /// <see cref="Diff.UnmarkedRows"/>.
    /// </summary>
    public const string Adopted = "sluice-adopted";

    /// <summary>
    /// The keys that plans put into <c>external_ids</c>. A row of ours loses those that its plan does not want any more; all other keys
    /// belong to somebody else and stay.
    /// </summary>
    public static ImmutableArray<string> Known { get; } =
    [
        Vendor, Owner, Row,
        "address-family", "chassis", "ipv4_network", "ipv6_network", "lr", "lrp", "ls", "node", "np", "parent", "pod", "port", "protocol", "subnet",
        "vpc",
    ];

    /// <summary><paramref name="ids"/> and the three ids of a row that we own.</summary>
    public static StringMap Stamp(RowId id, StringMap ids) =>
        ids.With(Vendor, KubeOvn).With(Owner, id.Owner.ToString()).With(Row, id.Name);

    /// <summary>Whose row it is that carries <paramref name="ids"/>; null when it is not one of ours.</summary>
    public static RowId? Parse(StringMap ids) =>
        OwnerKey.TryParse(ids[Owner], out var owner) && ids[Row] is { } name ? new(owner, name) : null;

    /// <summary>Whether an earlier system wrote the row with these ids, whether or not we have taken it over yet.</summary>
    public static bool IsInherited(StringMap ids) =>
        ids[Adopted] is not null || (string.Equals(ids[Vendor], KubeOvn, StringComparison.Ordinal) && ids[Owner] is null);

    /// <summary>The owner that the <c>external_ids</c> of a database row name; null when there is none.</summary>
    internal static OwnerKey? OwnerOf(Value ids) => OwnerKey.TryParse(ids.Get(Owner), out var owner) ? owner : null;

    /// <summary>A row of an earlier system: the vendor is the one that we continue, and nobody owns it yet.</summary>
    internal static bool IsLegacy(Value ids) =>
        string.Equals(ids.Get(Vendor), KubeOvn, StringComparison.Ordinal) && ids.Get(Owner) is null;
}
