using Sluice.Api;

namespace Sluice.CrdGen;

/// <summary>The custom resource definitions of all kinds, by file name.</summary>
public static class Definitions
{
    public static IReadOnlyDictionary<string, string> All { get; } = Generate();

    private static SortedDictionary<string, string> Generate()
    {
        var builder = new DefinitionBuilder(new SchemaBuilder(Documentation.Of(typeof(SluiceResources).Assembly)));
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var definition in new[]
        {
            builder.Build(SluiceResources.ProviderNetworks),
            builder.Build(SluiceResources.Vlans),
            builder.Build(SluiceResources.Subnets),
            builder.Build(SluiceResources.Vpcs),
            builder.Build(SluiceResources.Ips),
            builder.Build(SluiceResources.Vips),
            builder.Build(SluiceResources.OvnEips),
            builder.Build(SluiceResources.OvnFips),
            builder.Build(SluiceResources.OvnSnatRules),
            builder.Build(SluiceResources.OvnDnatRules),
        })
        {
            files.Add($"{definition.Plural}.yaml", YamlText.Write(definition.Body));
        }
        return files;
    }
}
