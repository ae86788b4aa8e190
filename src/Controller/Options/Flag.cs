namespace Sluice.Controller.Options;

/// <summary>One flag of the command line.</summary>
/// <param name="IsSwitch">It may stand without a value and then means true.</param>
/// <param name="Apply">What it changes; null for a flag that is accepted for compatibility and has no effect.</param>
internal sealed record Flag(bool IsSwitch, Func<ControllerOptions, string, ControllerOptions>? Apply);
