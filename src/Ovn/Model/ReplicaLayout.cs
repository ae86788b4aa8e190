using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>What a replica of modelled tables holds, and the secondary indexes that it keeps.</summary>
internal static class ReplicaLayout
{
    /// <summary>Rows by <c>external_ids:sluice-owner</c>.</summary>
    public const string Owner = "owner";

    /// <summary>Rows by natural key. Rows with an owner are left out where only those without one are ever asked for.</summary>
    public const string Key = "key";

    /// <summary>The modelled columns of each table.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>?> Monitor(ImmutableArray<TableModel> tables) =>
        tables.ToFrozenDictionary(
            table => table.Name, table => (IReadOnlyList<string>?)[.. table.Columns.Select(column => column.Name)], StringComparer.Ordinal);

    public static IEnumerable<IndexSpec> For(ImmutableArray<TableModel> tables)
    {
        foreach (var table in tables)
        {
            var hasOwner = table.Columns.Contains(SharedMapColumn.ExternalIds);
            if (hasOwner)
                yield return new(table.Name, Owner, static row => row["external_ids"].Get(OwnerIds.Owner));
            if (table.Key is { WithinParent: true } && hasOwner)
                yield return new(table.Name, Key, row => row["external_ids"].Get(OwnerIds.Owner) is null ? KeyText.Of(table, row) : null);
            else if (table.Key is not null)
                yield return new(table.Name, Key, row => KeyText.Of(table, row));
        }
    }
}
