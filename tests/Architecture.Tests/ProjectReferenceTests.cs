using System.Xml.Linq;

namespace Sluice.Architecture.Tests;

/// <summary>
/// The project graph of docs/architecture.md. A reference that is not listed here is a design change:
/// argue for it in docs/design before adding it to the table.
/// </summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Sluice.Ovsdb"] = [],
        ["Sluice.Kube"] = [],
        ["Sluice.Cni"] = [],
        ["Sluice.Metrics"] = [],
        ["Sluice.Ovn"] = ["Sluice.Ovsdb"],
        ["Sluice.Api"] = ["Sluice.Kube"],
        ["Sluice.Plan"] = ["Sluice.Ovn", "Sluice.Api"],
        ["Sluice.Controller"] = ["Sluice.Plan", "Sluice.Ovn", "Sluice.Api", "Sluice.Kube", "Sluice.Ovsdb", "Sluice.Metrics"],
        ["Sluice.Agent"] = ["Sluice.Api", "Sluice.Kube", "Sluice.Ovsdb", "Sluice.Plan", "Sluice.Ovn", "Sluice.Metrics"],
        ["Sluice.Ko"] = ["Sluice.Plan", "Sluice.Ovn", "Sluice.Api", "Sluice.Kube", "Sluice.Ovsdb"],
    };

    public static TheoryData<string> Projects() => new(Allowed.Keys);

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_only_what_the_architecture_allows(string project)
    {
        var references = XDocument.Load(ProjectFile(project))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        references.Except(Allowed[project]).ShouldBeEmpty();
    }

    [Fact]
    public void Every_project_below_src_is_in_the_table() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .ShouldBe(Allowed.Keys, ignoreOrder: true);

    [Fact]
    public void No_project_pins_its_own_package_versions() =>
        Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => XDocument.Load(file).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null))
            .Select(Repository.Relative)
            .ShouldBeEmpty();

    private static string ProjectFile(string project) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), $"{project}.csproj", SearchOption.AllDirectories).Single();
}
