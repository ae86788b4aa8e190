namespace Sluice.Ovsdb;

/// <summary>Which database to connect to, and how.</summary>
public sealed record OvsdbOptions
{
    /// <summary>Tried in turn until one serves the database.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    /// <summary>For example <c>OVN_Northbound</c>.</summary>
    public required string Database { get; init; }

    /// <summary>
    /// Of a clustered database, connect to the leader only: others serve stale data and forward writes. Means nothing for a
    /// standalone database.
    /// </summary>
    public bool LeaderOnly { get; init; } = true;

    /// <summary>
    /// The tables and columns to replicate; null for everything, and null columns for all of a table. What the server does not
    /// have is left out: see <see cref="ReplicaSnapshot.HasColumn"/>.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?>? Monitor { get; init; }

    /// <summary>
    /// Which rows of a table to replicate: those that meet any of the conditions (ovsdb-server(7), "Monitor_cond"). Of a table that is
    /// not named here all rows are.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Condition>> Where { get; init; } = new Dictionary<string, IReadOnlyList<Condition>>();

    public IReadOnlyList<IndexSpec> Indexes { get; init; } = [];

    public TlsOptions? Tls { get; init; }

    /// <summary>Silence after which the server is asked whether it is alive, and again after which the connection is given up.</summary>
    public TimeSpan InactivityProbe { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one endpoint may take to accept the connection and to answer what is asked first.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a transaction may take. After that the connection is given up, since what has become of it is not known; the next plan
    /// compares with what the server then says.
    /// </summary>
    public TimeSpan TransactTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(8);
}
