using Sluice.Lab;

namespace Sluice.Bench.EndToEnd;

/// <summary>
/// Programs as they ship: <c>dotnet publish</c> compiles them ahead of time. Null where they were not published; then those that were built
/// are measured, which compile themselves as they run.
/// </summary>
internal static class Published
{
    public static string? Controller => Find("Sluice.Controller", "release_linux-x64", "sluice-controller");

    public static string? CniPlugin => Find("Sluice.Cni", "release", "sluice-cni");

    private static string? Find(params string[] path)
    {
        var file = Path.Combine([ProjectFiles.Root, "artifacts", "publish", .. path]);
        return File.Exists(file) ? file : null;
    }
}
