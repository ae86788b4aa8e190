namespace Sluice.Lab.Processes;

/// <summary>The signals a lab sends, numbered as on Linux (signal(7)).</summary>
public enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
