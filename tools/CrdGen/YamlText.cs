using YamlDotNet.Serialization;

namespace Sluice.CrdGen;

internal static class YamlText
{
    private const string Header = "# Written by tools/CrdGen from src/Api: change the kinds there and run `make generate`.\n";

    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithQuotingNecessaryStrings()
        .WithIndentedSequences()
        .WithNewLine("\n")
        .DisableAliases()
        .Build();

    public static string Write(Node node) => Header + Serializer.Serialize(node);
}
