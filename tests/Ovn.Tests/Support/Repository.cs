using System.Runtime.CompilerServices;

namespace Sluice.Ovn.Tests.Support;

/// <summary>The checkout that these tests were compiled from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Schema(string name) => Path.Combine(Root, "src", "Ovn", "schemas", name);

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Sluice.slnx")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"No Sluice.slnx above {here}");
    }
}
