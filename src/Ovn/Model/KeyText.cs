using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>The natural key of a row as one string, the same for a desired row and for the database row that it means.</summary>
internal static class KeyText
{
    private const char Separator = '\n';
    private const string ExternalIds = "external_ids:";

    /// <summary>The key of a database row; null when the table has none.</summary>
    public static string? Of(TableModel table, Row row)
    {
        if (table.Key is not { } key)
            return null;
        return key.Columns.Length == 1
            ? Part(row, key.Columns[0])
            : string.Join(Separator, key.Columns.Select(column => Part(row, column)));
    }

    /// <summary>The key of a desired row; null when the table has none.</summary>
    public static string? Of(OvnRow row)
    {
        var table = row.Table;
        if (table.Key is not { } key)
            return null;
        return key.Columns.Length == 1
            ? Part(row, key.Columns[0])
            : string.Join(Separator, key.Columns.Select(column => Part(row, column)));
    }

    /// <summary>The key for people.</summary>
    public static string Display(string key) => key.Replace(Separator, ' ');

    private static string Part(Row row, string column) =>
        column.StartsWith(ExternalIds, StringComparison.Ordinal)
            ? row.Find("external_ids")?.Get(column[ExternalIds.Length..]) ?? ""
            : row.Find(column) is { } value ? Text(value) : "";

    private static string Part(OvnRow row, string column)
    {
        if (column.StartsWith(ExternalIds, StringComparison.Ordinal))
            return row.ExternalIds[column[ExternalIds.Length..]] ?? "";
        foreach (var candidate in row.Table.Columns)
        {
            if (candidate is WrittenColumn written && string.Equals(written.Name, column, StringComparison.Ordinal))
                return Text(written.Encode(row));
        }
        throw new InvalidOperationException($"{row.Table.Name}.{column} is part of a natural key but is not written.");
    }

    private static string Text(Value value) => value.Count == 0 ? "" : value.Keys[0].ToString();
}
