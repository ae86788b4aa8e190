using System.Text;

namespace Sluice.ModelGen;

/// <summary>Writes the record of one table: a property per column, the permitted strings, and the table of columns and codecs.</summary>
internal sealed class RecordWriter(DatabaseSchema database, string folder, string manual)
{
    public string Write(TableModel table)
    {
        var text = new StringBuilder();
        text.AppendLine(database.Header);
        text.AppendLine("#nullable enable");
        text.AppendLine("using Sluice.Ovn.Model;");
        text.AppendLine();
        text.AppendLine($"namespace Sluice.Ovn.{folder};");
        text.AppendLine();
        text.AppendLine($"/// <summary>A row of <c>{table.Schema.Name}</c>, see {manual}.</summary>");
        text.AppendLine($"public sealed record {table.ClassName} : OvnRow, I{folder}Row");
        text.AppendLine("{");
        foreach (var column in table.Columns.Where(column => !TableModel.IsExternalIds(column)))
            text.Append(Property(table, column)).AppendLine();
        text.Append(Model(table));
        foreach (var column in table.Columns.Where(column => !column.Enum.IsEmpty))
            text.AppendLine().Append(Constants(column));
        text.AppendLine("}");
        return text.ToString();
    }

    private static string Property(TableModel table, ColumnSchema column) =>
        $$"""
            /// <summary><c>{{column.Name}}</c>: {{column.Describe()}}.{{Remark(table, column)}}</summary>
            public {{ColumnType.Of(column).Clr}} {{Names.Pascal(column.Name)}} { get; init; }{{ColumnType.Of(column).Initializer}}

        """;

    private static string Remark(TableModel table, ColumnSchema column) => table.UseOf(column) switch
    {
        ColumnUse.ReadOnly => " Written by OVN: read, never compared or written.",
        ColumnUse.Members => " Its members attach themselves: read, never compared or written.",
        ColumnUse.Shared => " Shared with others: keys that are not ours stay.",
        _ => "",
    };

    private static string Constants(ColumnSchema column)
    {
        var constants = column.Enum.Select(value => $"        public const string {Names.Pascal(value)} = \"{value}\";");
        return $$"""
                /// <summary>What <see cref="{{Names.Pascal(column.Name)}}"/> may hold.</summary>
                public static class {{Names.Pascal(column.Name)}}Value
                {
            {{string.Join(Environment.NewLine, constants)}}
                }

            """;
    }

    private static string Model(TableModel table)
    {
        var columns = table.Columns.Select(column => $"            {ColumnModel(table, column)},");
        var values = table.Columns.Select((column, number) => $"            {Names.Pascal(column.Name)} = {Read(column, number)},");
        return $$"""
                /// <summary>How the record is kept in the database.</summary>
                public static TableModel Model { get; } = new(
                    "{{table.Schema.Name}}",
                    isRoot: {{Literal(table.Schema.IsRoot)}},
                    key: {{Key(table)}},
                    columns:
                    [
            {{string.Join(Environment.NewLine, columns)}}
                    ],
                    read: static row => new {{table.ClassName}}
                    {
            {{string.Join(Environment.NewLine, values)}}
                    });

                internal override TableModel Table => Model;

            """;
    }

    private static string Key(TableModel table) =>
        table.Options.Key.IsEmpty
            ? "null"
            : $"new([{List(table.Options.Key)}]{(table.Options.KeyWithinParent ? ", WithinParent: true" : "")})";

    private static string ColumnModel(TableModel table, ColumnSchema column)
    {
        var get = $"static row => {Property(table.ClassName, column)}";
        var type = ColumnType.Of(column);
        return table.UseOf(column) switch
        {
            ColumnUse.ReadOnly => $"new ReadOnlyColumn(\"{column.Name}\")",
            ColumnUse.Members => $"new MembersColumn(\"{column.Name}\", \"{column.RefTable}\", weak: {Literal(column.Weak)})",
            ColumnUse.Shared when TableModel.IsExternalIds(column) => "SharedMapColumn.ExternalIds",
            ColumnUse.Shared => $"new SharedMapColumn(\"{column.Name}\", [{List(table.Options.Shared[column.Name])}], {get})",
            _ when type.Codec is null =>
                $"new RefColumn(\"{column.Name}\", \"{column.RefTable}\", weak: {Literal(column.Weak)}, {GetRefs(table, column)})",
            _ => $"new ValueColumn<{type.Clr}>(\"{column.Name}\", Codecs.{type.Codec}, {get})",
        };
    }

    private static string GetRefs(TableModel table, ColumnSchema column)
    {
        var property = Property(table.ClassName, column);
        return column.IsOptional ? $"static row => RefSet.OfOptional({property})" : $"static row => {property}";
    }

    private static string Property(string className, ColumnSchema column) => $"(({className})row).{Names.Pascal(column.Name)}";

    private static string Read(ColumnSchema column, int number)
    {
        var type = ColumnType.Of(column);
        return type.Codec is not null ? $"row.Get({number}, Codecs.{type.Codec})"
            : column.IsOptional ? $"row.GetRef({number})"
            : $"row.GetRefs({number})";
    }

    private static string List(IEnumerable<string> items) => string.Join(", ", items.Select(item => $"\"{item}\""));

    private static string Literal(bool flag) => flag ? "true" : "false";
}
