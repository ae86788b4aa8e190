using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>How an OVN database is reached.</summary>
public sealed record OvnDatabaseOptions
{
    /// <summary>Tried in turn.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <inheritdoc cref="OvsdbOptions.LeaderOnly"/>
    public bool LeaderOnly { get; init; } = true;

    public TlsOptions? Tls { get; init; }

    /// <inheritdoc cref="OvsdbOptions.InactivityProbe"/>
    public TimeSpan InactivityProbe { get; init; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc cref="OvsdbOptions.TransactTimeout"/>
    public TimeSpan TransactTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Operations after which no further plan joins a transaction, and a plan is divided where <see cref="Changes.Cuts"/> allow.</summary>
    public int FullTransaction { get; init; } = 200;

    internal OvsdbOptions For(
        string database, IReadOnlyDictionary<string, IReadOnlyList<string>?> monitor, IReadOnlyList<IndexSpec> indexes) => new()
        {
            Endpoints = Endpoints,
            Database = database,
            LeaderOnly = LeaderOnly,
            Tls = Tls,
            InactivityProbe = InactivityProbe,
            TransactTimeout = TransactTimeout,
            Monitor = monitor,
            Indexes = indexes,
        };
}
