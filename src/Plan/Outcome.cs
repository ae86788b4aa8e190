namespace Sluice.Plan;

/// <summary>How the work on a key ended when it did not fail. Failing (I/O) is an exception, which the queue answers with backoff.</summary>
public abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>What should exist does; the key rests until an input changes.</summary>
    public static Outcome Done { get; } = new DoneOutcome();

    /// <summary>For how long the key is left alone whatever changes, so that more changes come together; usually not at all.</summary>
    public TimeSpan Rest { get; init; }

    /// <summary>The key is due again after a while even if no input changes.</summary>
    public sealed record After(TimeSpan Delay) : Outcome;

    /// <summary>The object asks for what can not be done now; the key rests until an input changes.</summary>
    /// <param name="Reason">One word in CamelCase, as in a condition.</param>
    /// <param name="Message">For people; names the field and the other object.</param>
    public sealed record Blocked(string Reason, string Message) : Outcome;

    private sealed record DoneOutcome : Outcome
    {
        public override string ToString() => nameof(Done);
    }
}
