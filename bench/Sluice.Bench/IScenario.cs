namespace Sluice.Bench;

/// <summary>
/// A measurement beside its floor or peer. One file per scenario in <c>Scenarios/</c>, listed in <see cref="ScenarioList"/>.
/// </summary>
internal interface IScenario
{
    /// <summary>The budgets that the scenario measures, such as <c>P5</c>; also select the scenario on the command line.</summary>
    IReadOnlyList<string> Ids { get; }

    string Title { get; }

    /// <summary>
    /// Measures ours and the floor in turn, <see cref="BenchRun.Rounds"/> times, and adds medians to <paramref name="run"/> as soon as
    /// they are known. Throws <see cref="MissingPeerException"/> where a peer is not installed and there is nothing to say without it.
    /// </summary>
    Task RunAsync(BenchRun run, CancellationToken cancellationToken);
}

/// <summary>A program that a scenario compares with is not installed.</summary>
internal sealed class MissingPeerException(string message) : Exception(message);
