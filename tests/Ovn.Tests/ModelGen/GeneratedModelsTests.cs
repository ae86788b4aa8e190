using System.Collections.Immutable;
using Sluice.ModelGen;
using Sluice.Ovn.Tests.Support;

namespace Sluice.Ovn.Tests.ModelGen;

public sealed class GeneratedModelsTests
{
    private static readonly string Here = Path.Combine(Repository.Root, "tests", "Ovn.Tests", "ModelGen");

    private static readonly TableOptions Options = new()
    {
        Ignored = ["unwanted"],
        ReadOnly = ["status"],
        Sets = ["children"],
        Shared = new Dictionary<string, ImmutableArray<string>> { ["options"] = ["ours"] }.ToImmutableDictionary(),
        Key = ["text", "external_ids:ls"],
        KeyWithinParent = true,
    };

    [Theory]
    [InlineData("ovn-nb", "Northbound")]
    [InlineData("ovn-sb", "Southbound")]
    public void The_models_that_are_checked_in_are_those_of_the_pinned_schemas(string schema, string folder)
    {
        var ovn = Path.Combine(Repository.Root, "src", "Ovn");
        var tables = folder == "Northbound" ? Sluice.ModelGen.Northbound.Tables : Sluice.ModelGen.Southbound.Tables;

        var generated = ModelWriter.Files(ovn, schema, folder, tables).ToDictionary(file => file.Name, file => file.Text.ReplaceLineEndings("\n"));
        var checkedIn = Directory.EnumerateFiles(Path.Combine(ovn, folder), "*.g.cs")
            .ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

        generated.ShouldBe(checkedIn, ignoreOrder: true);
    }

    [Fact]
    public void A_record_has_a_property_and_a_codec_for_each_column()
    {
        Write(Options).ReplaceLineEndings("\n").ShouldBe(File.ReadAllText(Path.Combine(Here, "EveryType.golden")));
    }

    [Fact]
    public void An_option_about_a_column_that_does_not_exist_is_refused() =>
        Should.Throw<InvalidDataException>(() => Write(Options with { ReadOnly = ["staus"] })).Message.ShouldContain("staus");

    [Fact]
    public void A_type_that_nothing_has_needed_yet_is_refused() =>
        Should.Throw<InvalidDataException>(() => Write(Options with { Ignored = [] })).Message.ShouldContain("unwanted");

    [Fact]
    public void An_overlay_only_adds_columns()
    {
        var repeated = Path.GetTempFileName();
        File.WriteAllText(repeated, """{"tables": {"Every_Type": {"columns": {"text": {"type": "string"}}}}}""");

        Should.Throw<InvalidDataException>(() => Load(repeated)).Message.ShouldContain("text");
        File.Delete(repeated);
    }

    private static string Write(TableOptions options)
    {
        var database = Load(Path.Combine(Here, "example.overlay.json"));
        return new RecordWriter(database, "Example", "example(5)").Write(new(database.Tables["Every_Type"], options));
    }

    private static DatabaseSchema Load(string overlay) => DatabaseSchema.Load(Path.Combine(Here, "example.ovsschema"), overlay);
}
