namespace Sluice.Ko.Drifting;

/// <summary>One difference between what the plans want, the northbound and the southbound database.</summary>
/// <param name="Database">The database that lags behind: <c>NB</c> behind the plan, <c>SB</c> behind NB.</param>
/// <param name="Owner">Whose row it is; for SB the name of the port.</param>
/// <param name="What">The difference, for people.</param>
public sealed record Drift(string Database, string Owner, string What);
