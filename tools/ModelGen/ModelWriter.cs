using System.Collections.Immutable;

namespace Sluice.ModelGen;

/// <summary>Writes all files of one database.</summary>
internal static class ModelWriter
{
    /// <param name="ovn">The folder <c>src/Ovn</c>.</param>
    /// <param name="schema">Name of the schema's files and of the manual page: <c>ovn-nb</c>.</param>
    /// <param name="folder">Folder of the generated files and last part of their namespace.</param>
    /// <param name="tables">What to generate.</param>
    public static void WriteAll(string ovn, string schema, string folder, ImmutableSortedDictionary<string, TableOptions> tables)
    {
        var target = Directory.CreateDirectory(Path.Combine(ovn, folder));
        foreach (var old in target.EnumerateFiles("*.g.cs"))
            old.Delete();
        foreach (var (name, text) in Files(ovn, schema, folder, tables))
            File.WriteAllText(Path.Combine(target.FullName, name), text.ReplaceLineEndings("\n"));
    }

    /// <summary>The names and contents of the generated files.</summary>
    public static IEnumerable<(string Name, string Text)> Files(
        string ovn, string schema, string folder, ImmutableSortedDictionary<string, TableOptions> tables)
    {
        var database = DatabaseSchema.Load(
            Path.Combine(ovn, "schemas", $"{schema}.ovsschema"), Path.Combine(ovn, "schemas", $"{schema}.overlay.json"));
        var models = tables.Select(table => new TableModel(database.Tables[table.Key], table.Value)).ToImmutableArray();
        var writer = new RecordWriter(database, folder, $"{schema}(5)");
        foreach (var model in models)
            yield return ($"{model.ClassName}.g.cs", writer.Write(model));
        yield return ($"{folder}Tables.g.cs", RegistryWriter.Write(database, folder, models));
    }
}
