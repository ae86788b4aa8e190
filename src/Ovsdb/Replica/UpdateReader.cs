using System.Buffers.Text;
using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>Decodes <c>&lt;table-updates2&gt;</c> (ovsdb-server(7), "Update2 Notification") into changes of a snapshot.</summary>
internal sealed class UpdateReader(ValueReader values)
{
    /// <summary>Reads the object at which the reader stands.</summary>
    /// <exception cref="OvsdbException">The update does not fit the snapshot or the schema: the replica has to be loaded again.</exception>
    public List<RowChange> Read(ref Utf8JsonReader reader, ReplicaSnapshot current)
    {
        var changes = new List<RowChange>();
        Expect(reader.TokenType, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!current.HasTable(name))
                throw OvsdbException.Protocol($"an update of table {name}, which is not monitored");
            var table = current[name];
            reader.Read();
            Expect(reader.TokenType, JsonTokenType.StartObject);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (!Utf8Parser.TryParse(reader.ValueSpan, out Guid uuid, out var length) || length != reader.ValueSpan.Length)
                    throw OvsdbException.Protocol("a row's name must be a UUID");
                changes.Add(ReadRow(ref reader, table, uuid));
            }
        }

        return changes;
    }

    private RowChange ReadRow(ref Utf8JsonReader reader, TableSnapshot table, Guid uuid)
    {
        reader.Read();
        Expect(reader.TokenType, JsonTokenType.StartObject);
        reader.Read();
        Expect(reader.TokenType, JsonTokenType.PropertyName);
        var old = table.Find(uuid);
        RowChange change;
        if (reader.ValueTextEquals("initial"u8) || reader.ValueTextEquals("insert"u8))
        {
            change = old is null
                ? new(table.Schema.Name, null, ReadColumns(ref reader, table.Schema, uuid, old: null))
                : throw OvsdbException.Protocol($"row {uuid} of {table.Schema.Name} came twice");
        }
        else if (reader.ValueTextEquals("modify"u8))
        {
            change = old is not null
                ? new(table.Schema.Name, old, ReadColumns(ref reader, table.Schema, uuid, old))
                : throw OvsdbException.Protocol($"row {uuid} of {table.Schema.Name} changed but never came");
        }
        else if (reader.ValueTextEquals("delete"u8))
        {
            reader.Read();
            reader.Skip();
            change = old is not null
                ? new(table.Schema.Name, old, null)
                : throw OvsdbException.Protocol($"row {uuid} of {table.Schema.Name} went but never came");
        }
        else
        {
            throw OvsdbException.Protocol($"unknown row update {reader.GetString()}");
        }

        reader.Read();
        Expect(reader.TokenType, JsonTokenType.EndObject);
        return change;
    }

    /// <summary>A new row lists the columns that differ from their default, a changed one those that changed.</summary>
    private Row ReadColumns(ref Utf8JsonReader reader, TableSchema schema, Guid uuid, Row? old)
    {
        var row = old?.CopyValues() ?? schema.CopyDefaults();
        reader.Read();
        Expect(reader.TokenType, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = schema.IndexOf(reader);
            if (index < 0)
                throw OvsdbException.Protocol($"{schema.Name} has no column {reader.GetString()}");
            var type = schema.Columns[index].Type;
            reader.Read();
            var value = values.Read(ref reader, type);
            row[index] = type.IsMap && value.IsEmpty ? Value.EmptyMap
                : old is not null && type.IsComposite ? row[index].Apply(value)
                : value;
        }

        return new Row(schema, uuid, row);
    }

    private static void Expect(JsonTokenType actual, JsonTokenType expected)
    {
        if (actual != expected)
            throw OvsdbException.Protocol($"{actual} where {expected} was expected");
    }
}
