using System.Runtime.InteropServices;

namespace Sluice.Lab;

/// <summary>Finds the project's own programs and manifests, from where this assembly was built to.</summary>
internal static class ProjectFiles
{
    /// <summary>The checkout's top folder.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Lets a program's launcher find the runtime that runs us, wherever it is installed.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string>
    {
        ["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")),
    };

    /// <summary>The launcher of a program of this project, built in the same configuration as this one.</summary>
    public static string Program(string project, string program)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Root, "artifacts", "bin", project, configuration, program);
    }

    /// <summary>What the lab itself adds to the cluster.</summary>
    public static string LabManifests => Path.Combine(Root, "lab", "manifests");

    /// <summary>What a user of the project applies.</summary>
    public static string Manifests(params string[] path) => Path.Combine([Root, "deploy", .. path]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Sluice.slnx")))
                return folder.FullName;
        }
        throw new LabException($"no checkout of the project above {AppContext.BaseDirectory}");
    }
}
