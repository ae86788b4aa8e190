using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>Encodes operations and what they are made of (RFC 7047 sections 5.1 and 5.2).</summary>
internal static class OperationWriter
{
    public static void Write(Utf8JsonWriter json, Operation operation)
    {
        json.WriteStartObject();
        switch (operation)
        {
            case Insert insert:
                Head(json, "insert"u8, insert.Table);
                json.WritePropertyName("row"u8);
                WriteRow(json, insert.Row);
                if (insert.UuidName is not null)
                    json.WriteString("uuid-name"u8, insert.UuidName);
                break;
            case Select select:
                Head(json, "select"u8, select.Table);
                WriteWhere(json, select.Where);
                if (select.Columns is not null)
                    WriteStrings(json, "columns"u8, select.Columns);
                break;
            case Update update:
                Head(json, "update"u8, update.Table);
                WriteWhere(json, update.Where);
                json.WritePropertyName("row"u8);
                WriteRow(json, update.Row);
                break;
            case Mutate mutate:
                Head(json, "mutate"u8, mutate.Table);
                WriteWhere(json, mutate.Where);
                WriteMutations(json, mutate.Mutations);
                break;
            case Delete delete:
                Head(json, "delete"u8, delete.Table);
                WriteWhere(json, delete.Where);
                break;
            case Wait wait:
                WriteWait(json, wait);
                break;
            case Commit commit:
                json.WriteString("op"u8, "commit"u8);
                json.WriteBoolean("durable"u8, commit.Durable);
                break;
            case Abort:
                json.WriteString("op"u8, "abort"u8);
                break;
            case Comment comment:
                json.WriteString("op"u8, "comment"u8);
                json.WriteString("comment"u8, comment.Text);
                break;
            case Assert assert:
                json.WriteString("op"u8, "assert"u8);
                json.WriteString("lock"u8, assert.Lock);
                break;
            default:
                throw new ArgumentException($"Unknown operation {operation.GetType().Name}", nameof(operation));
        }

        json.WriteEndObject();
    }

    public static void WriteValue(Utf8JsonWriter json, Value value)
    {
        if (value is { IsMap: false, Count: 1 })
        {
            WriteAtom(json, value.Keys[0]);
            return;
        }

        json.WriteStartArray();
        json.WriteStringValue(value.IsMap ? "map"u8 : "set"u8);
        json.WriteStartArray();
        for (var index = 0; index < value.Count; index++)
        {
            if (value.IsMap)
            {
                json.WriteStartArray();
                WriteAtom(json, value.Keys[index]);
                WriteAtom(json, value.MapValues[index]);
                json.WriteEndArray();
            }
            else
            {
                WriteAtom(json, value.Keys[index]);
            }
        }

        json.WriteEndArray();
        json.WriteEndArray();
    }

    private static void WriteAtom(Utf8JsonWriter json, Atom atom)
    {
        switch (atom.Kind)
        {
            case AtomKind.String:
                json.WriteStringValue(atom.AsString);
                break;
            case AtomKind.Integer:
                json.WriteNumberValue(atom.AsLong);
                break;
            case AtomKind.Real:
                json.WriteNumberValue(atom.AsDouble);
                break;
            case AtomKind.Boolean:
                json.WriteBooleanValue(atom.AsBool);
                break;
            case AtomKind.Uuid:
                json.WriteStartArray();
                json.WriteStringValue("uuid"u8);
                json.WriteStringValue(atom.AsGuid);
                json.WriteEndArray();
                break;
            default:
                json.WriteStartArray();
                json.WriteStringValue("named-uuid"u8);
                json.WriteStringValue(atom.AsName);
                json.WriteEndArray();
                break;
        }
    }

    private static void Head(Utf8JsonWriter json, ReadOnlySpan<byte> op, string table)
    {
        json.WriteString("op"u8, op);
        json.WriteString("table"u8, table);
    }

    private static void WriteRow(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, Value>> row)
    {
        json.WriteStartObject();
        foreach (var (column, value) in row)
        {
            json.WritePropertyName(column);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    internal static void WriteWhere(Utf8JsonWriter json, IReadOnlyList<Condition> where)
    {
        json.WriteStartArray("where"u8);
        foreach (var condition in where)
        {
            json.WriteStartArray();
            json.WriteStringValue(condition.Column);
            json.WriteStringValue(condition.Function switch
            {
                ConditionFunction.Less => "<"u8,
                ConditionFunction.LessOrEqual => "<="u8,
                ConditionFunction.Equal => "=="u8,
                ConditionFunction.NotEqual => "!="u8,
                ConditionFunction.GreaterOrEqual => ">="u8,
                ConditionFunction.Greater => ">"u8,
                ConditionFunction.Includes => "includes"u8,
                _ => "excludes"u8,
            });
            WriteValue(json, condition.Value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteMutations(Utf8JsonWriter json, IReadOnlyList<Mutation> mutations)
    {
        json.WriteStartArray("mutations"u8);
        foreach (var mutation in mutations)
        {
            json.WriteStartArray();
            json.WriteStringValue(mutation.Column);
            json.WriteStringValue(mutation.Mutator switch
            {
                Mutator.Add => "+="u8,
                Mutator.Subtract => "-="u8,
                Mutator.Multiply => "*="u8,
                Mutator.Divide => "/="u8,
                Mutator.Modulo => "%="u8,
                Mutator.Insert => "insert"u8,
                _ => "delete"u8,
            });
            WriteValue(json, mutation.Value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteWait(Utf8JsonWriter json, Wait wait)
    {
        Head(json, "wait"u8, wait.Table);
        json.WriteNumber("timeout"u8, (long)wait.Timeout.TotalMilliseconds);
        WriteWhere(json, wait.Where);
        WriteStrings(json, "columns"u8, wait.Columns);
        json.WriteString("until"u8, wait.Equal ? "=="u8 : "!="u8);
        json.WriteStartArray("rows"u8);
        foreach (var row in wait.Rows)
            WriteRow(json, row);
        json.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter json, ReadOnlySpan<byte> property, IReadOnlyList<string> strings)
    {
        json.WriteStartArray(property);
        foreach (var text in strings)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
