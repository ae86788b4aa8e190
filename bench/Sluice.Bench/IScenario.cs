namespace Sluice.Bench;

/// <summary>A measurement and its floor or peer.</summary>
internal interface IScenario
{
    /// <summary>The budget's name, such as <c>P5</c>; also selects the scenario on the command line.</summary>
    string Id { get; }

    string Title { get; }

    Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken);
}
