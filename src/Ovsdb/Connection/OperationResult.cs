using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>What one operation of a committed transaction did.</summary>
/// <param name="Count">Rows that an update, mutate or delete matched.</param>
/// <param name="Uuid">The UUID of an inserted row.</param>
/// <param name="Rows">The rows of a select.</param>
public sealed record OperationResult(int Count, Guid? Uuid, IReadOnlyList<IReadOnlyDictionary<string, Value>> Rows)
{
    private static readonly OperationResult Nothing = new(0, null, []);

    /// <summary>Reads the result of a transaction (RFC 7047 section 4.1.3), one element per operation.</summary>
    /// <exception cref="OvsdbException">An operation, or the commit itself, was refused: nothing was done.</exception>
    internal static IReadOnlyList<OperationResult> ReadAll(
        ref Utf8JsonReader reader, IReadOnlyList<Operation> operations, DatabaseSchema schema, ValueReader values)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw OvsdbException.Protocol("the result of a transaction must be an array");

        var results = new List<OperationResult>(operations.Count);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            // What follows a refused operation is null. An element more than there are operations is about the commit.
            var operation = results.Count < operations.Count ? operations[results.Count] : null;
            results.Add(reader.TokenType == JsonTokenType.Null ? Nothing : Read(ref reader, operation, schema, values));
        }

        return results;
    }

    private static OperationResult Read(ref Utf8JsonReader reader, Operation? operation, DatabaseSchema schema, ValueReader values)
    {
        var result = Nothing;
        string? error = null;
        string? details = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("count"u8))
            {
                reader.Read();
                result = result with { Count = (int)Math.Min(reader.GetInt64(), int.MaxValue) };
            }
            else if (reader.ValueTextEquals("uuid"u8))
            {
                reader.Read();
                result = result with { Uuid = values.Read(ref reader, UuidType).AsGuid() };
            }
            else if (reader.ValueTextEquals("rows"u8) && operation is Select select && schema.Table(select.Table) is { } table)
            {
                reader.Read();
                result = result with { Rows = ReadRows(ref reader, table, values) };
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                error = reader.GetString();
            }
            else if (reader.ValueTextEquals("details"u8))
            {
                reader.Read();
                details = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        return error is null ? result : throw OvsdbException.Refused(error, details, operation);
    }

    private static List<IReadOnlyDictionary<string, Value>> ReadRows(ref Utf8JsonReader reader, TableSchema table, ValueReader values)
    {
        var rows = new List<IReadOnlyDictionary<string, Value>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var row = new Dictionary<string, Value>(StringComparer.Ordinal);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var column = reader.GetString()!;
                reader.Read();
                row[column] = values.Read(ref reader, table.Column(column)?.Type ?? UuidType);
            }

            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The type of <c>_uuid</c> and <c>_version</c>, which every table has and no schema lists.</summary>
    private static readonly ColumnType UuidType = new(AtomKind.Uuid);
}
