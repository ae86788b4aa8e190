using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>
/// One connection's conversation about one database: asks for the schema, makes sure of the leader, starts or resumes the monitor,
/// and requests the locks.
/// </summary>
internal sealed class DatabaseSession : IAsyncDisposable
{
    private const string ServerDatabase = "_Server";
    private static readonly ColumnType Text = new(AtomKind.String);
    private static readonly ColumnType Flag = new(AtomKind.Boolean);
    private static readonly TableSchema DatabaseTable = new("Database", [new("model", Text), new("connected", Flag), new("leader", Flag)]);

    private readonly OvsdbOptions _options;
    private readonly ResumePoint _resume;
    private readonly Func<IReadOnlyCollection<OvsdbLock>> _locks;
    private readonly JsonRpcSession _session;
    private readonly ValueReader _values = new();
    private readonly UpdateReader _updates;
    private readonly Monitor _monitor;
    private readonly Replica _server = new();

    public DatabaseSession(Stream stream, OvsdbOptions options, Replica replica, ResumePoint resume, Func<IReadOnlyCollection<OvsdbLock>> locks)
    {
        _options = options;
        _resume = resume;
        _locks = locks;
        _updates = new UpdateReader(_values);
        _session = new JsonRpcSession(stream, OnNotification);
        _monitor = new Monitor(_session, options, replica, resume, _values);
    }

    /// <summary>The server's schema, whole.</summary>
    public DatabaseSchema Schema { get; private set; } = null!;

    /// <inheritdoc cref="JsonRpcSession.RunAsync"/>
    public Task RunAsync(TimeProvider time, CancellationToken cancellationToken) => _session.RunAsync(_options.InactivityProbe, time, cancellationToken);

    /// <summary>Returns when the replica is in sync. <see cref="RunAsync"/> must be running.</summary>
    /// <param name="asking">Ends when the server should have answered what is asked first; the content may take longer.</param>
    public async Task InitializeAsync(CancellationToken asking, CancellationToken cancellationToken)
    {
        if (_options.LeaderOnly)
            await WatchLeaderAsync(asking);
        Schema = await _session.CallAsync("get_schema", json => Array(json, _options.Database), ReadSchema, asking);
        foreach (var wanted in _locks())
            await RequestAsync(wanted, cancellationToken);
        await _monitor.StartAsync(MonitoredTables(), cancellationToken);
    }

    public Task<IReadOnlyList<OperationResult>> TransactAsync(IReadOnlyList<Operation> operations, CancellationToken cancellationToken) =>
        _session.CallAsync(
            "transact",
            json =>
            {
                json.WriteStartArray();
                json.WriteStringValue(_options.Database);
                foreach (var operation in operations)
                    OperationWriter.Write(json, operation);
                json.WriteEndArray();
            },
            (ref Utf8JsonReader reader) => OperationResult.ReadAll(ref reader, operations, Schema, _values),
            cancellationToken);

    /// <summary>Asks for a lock; it is granted now or by a notification later.</summary>
    public Task<bool> RequestAsync(OvsdbLock wanted, CancellationToken cancellationToken) => _session.CallAsync(
        "lock",
        json => Array(json, wanted.Name),
        (ref Utf8JsonReader reader) =>
        {
            var owned = ReadLocked(ref reader);
            wanted.Set(owned);
            return owned;
        },
        cancellationToken);

    /// <summary>Gives a lock back, or stops waiting for it.</summary>
    public Task<bool> ReleaseAsync(OvsdbLock held, CancellationToken cancellationToken) => _session.CallAsync(
        "unlock",
        json => Array(json, held.Name),
        (ref Utf8JsonReader _) =>
        {
            held.Set(false);
            return true;
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    /// <summary>The monitored tables as this server has them.</summary>
    private List<TableSchema> MonitoredTables() => _options.Monitor is null
        ? [.. Schema.Tables.Values]
        : [.. from wanted in _options.Monitor
              let table = Schema.Table(wanted.Key)
              where table is not null
              select wanted.Value is null ? table : table.Only(wanted.Value)];

    private async Task WatchLeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _session.CallAsync(
                "monitor_cond_since",
                WriteServerMonitor,
                (ref Utf8JsonReader reader) =>
                {
                    reader.Read();
                    reader.Read();
                    reader.Read();
                    var empty = ReplicaSnapshot.Empty([DatabaseTable], []);
                    _server.Reset(empty.With(_updates.Read(ref reader, empty)));
                    RequireLeader();
                    return true;
                },
                cancellationToken);
        }
        catch (OvsdbException e) when (e.Error == "unknown database")
        {
            // A server older than 2.9 has no clusters either.
        }
    }

    private void RequireLeader()
    {
        var database = _server.Current["Database"].Rows.FirstOrDefault()
            ?? throw new OvsdbException($"The server has no database {_options.Database}", isTransient: true);
        if (database["model"].AsString() != "clustered")
            return;
        if (!database["connected"].AsBool())
            throw new OvsdbException("The server lost its cluster", isTransient: true);
        if (!database["leader"].AsBool())
            throw new OvsdbException("The server is not the leader of its cluster", isTransient: true);
    }

    private void OnNotification(string method, ref Utf8JsonReader parameters)
    {
        parameters.Read();
        switch (method)
        {
            case "update3":
                var isServer = parameters.ValueTextEquals(ServerDatabase);
                parameters.Read();
                if (isServer)
                {
                    parameters.Read();
                    _server.Apply(_updates.Read(ref parameters, _server.Current));
                    RequireLeader();
                    break;
                }

                _monitor.Update(ref parameters);
                break;
            case "locked" or "stolen":
                var name = parameters.GetString();
                _locks().FirstOrDefault(held => held.Name == name)?.Set(method == "locked");
                break;
            case "monitor_canceled":
                _resume.Forget();
                throw new OvsdbException("The server cancelled the monitor", isTransient: true);
        }
    }

    private void WriteServerMonitor(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStringValue(ServerDatabase);
        json.WriteStringValue(ServerDatabase);
        json.WriteStartObject();
        json.WriteStartArray(DatabaseTable.Name);
        json.WriteStartObject();
        json.WriteStartArray("columns"u8);
        foreach (var column in DatabaseTable.Columns)
            json.WriteStringValue(column.Name);
        json.WriteEndArray();
        OperationWriter.WriteWhere(json, [Condition.Equal("name", Value.Of(_options.Database))]);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStringValue(Guid.Empty.ToString());
        json.WriteEndArray();
    }

    private static void Array(Utf8JsonWriter json, string parameter)
    {
        json.WriteStartArray();
        json.WriteStringValue(parameter);
        json.WriteEndArray();
    }

    private static DatabaseSchema ReadSchema(ref Utf8JsonReader reader)
    {
        using var schema = JsonDocument.ParseValue(ref reader);
        return SchemaReader.Read(schema.RootElement);
    }

    private static bool ReadLocked(ref Utf8JsonReader reader)
    {
        using var reply = JsonDocument.ParseValue(ref reader);
        return reply.RootElement.TryGetProperty("locked", out var locked) && locked.GetBoolean();
    }
}
