namespace Sluice.Lab.Cli;

/// <summary>Which lab a command means: that of the variable LAB.</summary>
internal static class LabName
{
    public const string Variable = "LAB";

    public static string Current => Given ?? LabLayout.DefaultName;

    public static string? Given => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } name ? name : null;
}
