using System.Runtime.CompilerServices;

namespace Sluice.Api.Tests;

/// <summary>Files of the checkout that these tests were compiled from.</summary>
internal static class Repository
{
    public static string Definitions { get; } = Path.Combine(Here(), "..", "..", "deploy", "crds");

    /// <summary>One object of each kind with every field that any version of the API has, written by hand.</summary>
    public static string FullManifests { get; } = Path.Combine(Here(), "manifests", "full");

    /// <summary>The manifests of the walkthrough.</summary>
    public static string SeedManifests { get; } = Path.Combine(Here(), "manifests", "seed");

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
