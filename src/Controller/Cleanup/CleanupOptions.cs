namespace Sluice.Controller.Cleanup;

/// <summary>What <c>sluice-controller cleanup</c> was asked to do. All other flags are the controller's.</summary>
/// <param name="Yes">Do it; without, only say what would be done.</param>
/// <param name="SkipOvn">Leave the northbound database alone, because it is gone or will be.</param>
public sealed record CleanupOptions(bool Yes, bool SkipOvn)
{
    private const string Command = "cleanup";
    private const string YesFlag = "--yes";
    private const string SkipOvnFlag = "--skip-ovn";

    /// <summary>Takes the command and its flags out of a command line.</summary>
    /// <returns>Null when the command is another one.</returns>
    public static CleanupOptions? Take(IReadOnlyList<string> args, out IReadOnlyList<string> rest)
    {
        if (args is not [Command, ..])
        {
            rest = args;
            return null;
        }
        rest = [.. args.Skip(1).Where(arg => arg is not (YesFlag or SkipOvnFlag))];
        return new(args.Contains(YesFlag), args.Contains(SkipOvnFlag));
    }
}
