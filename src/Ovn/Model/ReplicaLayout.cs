using System.Collections.Frozen;
using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>What a replica of modelled tables holds, and the secondary indexes that it keeps.</summary>
internal static class ReplicaLayout
{
    /// <summary>Rows by <c>external_ids:sluice-owner</c>.</summary>
    public const string Owner = "owner";

    /// <summary>Rows that have an owner by <c>external_ids:sluice-row</c>.</summary>
    public const string Name = "name";

    /// <summary>Rows by natural key. Rows with an owner are left out where only those without one are ever asked for.</summary>
    public const string Key = "key";

    /// <summary>The modelled columns of each table.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>?> Monitor(ImmutableArray<TableModel> tables) =>
        tables.ToFrozenDictionary(
            table => table.Name, table => (IReadOnlyList<string>?)[.. table.Columns.Select(column => column.Name)], StringComparer.Ordinal);

    /// <summary>The indexes of a database that we only read.</summary>
    public static IReadOnlyList<IndexSpec> Keys(ImmutableArray<TableModel> tables) =>
        [.. from table in tables where table.Key is not null select new IndexSpec(table.Name, Key, row => KeyText.Of(table, row))];

    /// <summary>The indexes of a database that we own rows of.</summary>
    public static IReadOnlyList<IndexSpec> KeysAndOwners(ImmutableArray<TableModel> tables)
    {
        var owned = tables.Where(table => table.Columns.Contains(SharedMapColumn.ExternalIds));
        return
        [
            .. Keys([.. tables.Where(table => table.Key is { WithinParent: false })]),
            .. from table in owned
               where table.Key is { WithinParent: true }
               select new IndexSpec(table.Name, Key, row => OwnerText(row) is null ? KeyText.Of(table, row) : null),
            .. from table in owned
               from index in (IndexSpec[])[new(table.Name, Owner, OwnerText), new(table.Name, Name, NameText)]
               select index,
        ];
    }

    private static string? NameText(Row row) => OwnerText(row) is null ? null : row.Find("external_ids")?.Get(OwnerIds.Row);

    private static string? OwnerText(Row row) => row.Find("external_ids")?.Get(OwnerIds.Owner);
}
