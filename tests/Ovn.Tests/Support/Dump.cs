using Sluice.Ovsdb;

namespace Sluice.Ovn.Tests.Support;

/// <summary>Whole databases as text, for comparing them: UUIDs are replaced by what identifies a row to people.</summary>
internal static class Dump
{
    public static IReadOnlyList<string> Of(IEnumerable<Row> rows)
    {
        var known = rows.ToDictionary(row => row.Uuid);
        return [.. known.Values.Select(Describe).Order(StringComparer.Ordinal)];

        string Describe(Row row) => $"{row.Schema.Name} " + string.Join(", ", row.Schema.Columns
            .Select((column, place) => (column, value: row[place]))
            .Where(cell => !cell.value.Equals(cell.column.Type.Default))
            .Select(cell => $"{cell.column.Name}={Text(cell.value)}"));

        string Text(Value value) => value.Keys is [{ Kind: AtomKind.Uuid }, ..]
            ? "{" + string.Join(", ", value.Keys.ToArray().Select(member => Name(known[member.AsGuid])).Order(StringComparer.Ordinal)) + "}"
            : value.ToString();

        static string Name(Row row) => row["external_ids"].ToString() + row.Find("name") + row.Find("external_ip") + row.Find("ip_prefix");
    }
}
