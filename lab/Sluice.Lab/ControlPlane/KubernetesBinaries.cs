namespace Sluice.Lab.ControlPlane;

/// <summary>Finds the programs of Kubernetes in the places where <c>make setup</c> looks and puts them.</summary>
public static class KubernetesBinaries
{
    /// <summary>The full path of e.g. <c>kube-apiserver</c>.</summary>
    /// <exception cref="FileNotFoundException">It is nowhere: run <c>make setup</c>.</exception>
    public static string Find(string name) =>
        TryFind(name)
        ?? throw new FileNotFoundException($"{name} is neither in $KUBEBUILDER_ASSETS nor in $PATH nor in {Cache}: run 'make setup'");

    /// <summary>The full path; null when it is nowhere.</summary>
    public static string? TryFind(string name) => Folders().Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Cache => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "sluice", "kubernetes", "bin");

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS") is { Length: > 0 } assets)
            yield return assets;
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        yield return Cache;
    }
}
