using System.Text.Json;

namespace Sluice.Ovsdb;

/// <summary>
/// Loads the replica over one connection and keeps it up to date (ovsdb-server(7), "Monitor_cond_since").
/// </summary>
/// <remarks>
/// A server composes the whole reply to a monitor request before it sends the first byte, so that a large database arrives in one burst
/// after seconds of silence. Therefore everything is asked for step by step, and one step is decoded while the server composes the next:
/// one monitor begins without any rows, and changes of its conditions let the tables in. That it is one monitor matters: what a
/// transaction does to several tables comes as one update.
/// </remarks>
internal sealed class Monitor(JsonRpcSession session, OvsdbOptions options, Replica replica, ResumePoint resume, ValueReader values)
{
    private readonly UpdateReader _updates = new(values);
    private IReadOnlyList<TableSchema> _tables = [];
    private ReplicaSnapshot? _loading;
    private string? _last;
    private int _missing;

    /// <summary>Returns when the replica is in sync.</summary>
    /// <param name="tables">What to monitor, as far as the server has it.</param>
    public Task StartAsync(IReadOnlyList<TableSchema> tables, CancellationToken cancellationToken)
    {
        _tables = tables;
        if (!resume.Fits(tables))
            resume.Forget();
        var steps = resume.LastTransaction is null ? Steps(tables) : [tables];
        return steps.Count == 1 ? LoadAsync(cancellationToken) : LoadAsync(steps, cancellationToken);
    }

    /// <summary>Applies an update; the reader stands at the id of the last transaction.</summary>
    public void Update(ref Utf8JsonReader parameters)
    {
        _last = parameters.GetString();
        parameters.Read();
        if (_loading is not null)
        {
            _loading = _loading.With(_updates.Read(ref parameters, _loading));
            return;
        }

        try
        {
            replica.Apply(_updates.Read(ref parameters, replica.Current));
        }
        catch (OvsdbException)
        {
            // What we hold is not what the server thinks we hold. Resuming would build on it.
            resume.Forget();
            throw;
        }

        resume.Advance(_last);
    }

    /// <summary>
    /// What is let in together: tables whose rows live in sets of others, which are the large ones, each for itself, and then the rest,
    /// which is composed while the last large table is decoded.
    /// </summary>
    private static List<IReadOnlyList<TableSchema>> Steps(IReadOnlyList<TableSchema> tables) =>
    [
        .. from table in tables where !table.IsRoot select (IReadOnlyList<TableSchema>)[table],
        [.. tables.Where(table => table.IsRoot)],
    ];

    /// <summary>Resumes, or loads what is not worth dividing.</summary>
    private Task<bool> LoadAsync(CancellationToken cancellationToken) => session.CallAsync(
        "monitor_cond_since",
        json => WriteMonitor(json, static (json, table, where) =>
        {
            if (where.TryGetValue(table.Name, out var conditions))
                OperationWriter.WriteWhere(json, conditions);
        }),
        (ref Utf8JsonReader reader) =>
        {
            if (ReadReply(ref reader))
            {
                replica.Apply(_updates.Read(ref reader, replica.Current));
                resume.Remember(_last, _tables);
            }
            else
            {
                Begin(ref reader);
                Complete();
            }

            return true;
        },
        cancellationToken);

    private Task LoadAsync(List<IReadOnlyList<TableSchema>> steps, CancellationToken cancellationToken)
    {
        _missing = steps.Count;
        var beginning = session.CallAsync(
            "monitor_cond_since",
            json => WriteMonitor(json, static (json, _, _) => WriteWhere(json, all: false)),
            (ref Utf8JsonReader reader) =>
            {
                ReadReply(ref reader);
                Begin(ref reader);
                return true;
            },
            cancellationToken);
        return Task.WhenAll([beginning, .. steps.Select(step => AdmitAsync(step, cancellationToken))]);
    }

    /// <summary>Lets tables in. Their rows come as an update before the reply does.</summary>
    private Task<bool> AdmitAsync(IReadOnlyList<TableSchema> step, CancellationToken cancellationToken) => session.CallAsync(
        "monitor_cond_change",
        json => WriteChange(json, step),
        (ref Utf8JsonReader _) =>
        {
            if (--_missing == 0)
                Complete();
            return true;
        },
        cancellationToken);

    // [found, last-txn-id, updates]: "found" says that the updates continue what we have.
    private bool ReadReply(ref Utf8JsonReader reader)
    {
        reader.Read();
        var found = reader.GetBoolean();
        reader.Read();
        _last = reader.GetString();
        reader.Read();
        return found;
    }

    private void Begin(ref Utf8JsonReader reader)
    {
        var empty = ReplicaSnapshot.Empty(_tables, options.Indexes);
        _loading = empty.With(_updates.Read(ref reader, empty));
    }

    private void Complete()
    {
        replica.Reset(_loading!);
        _loading = null;
        resume.Remember(_last, _tables);
    }

    private void WriteMonitor(
        Utf8JsonWriter json, Action<Utf8JsonWriter, TableSchema, IReadOnlyDictionary<string, IReadOnlyList<Condition>>> writeWhere)
    {
        json.WriteStartArray();
        json.WriteStringValue(options.Database);
        json.WriteStringValue(options.Database);
        json.WriteStartObject();
        foreach (var table in _tables)
        {
            json.WriteStartArray(table.Name);
            json.WriteStartObject();
            json.WriteStartArray("columns"u8);
            foreach (var column in table.Columns)
                json.WriteStringValue(column.Name);
            json.WriteEndArray();
            writeWhere(json, table, options.Where);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStringValue(resume.LastTransaction ?? Guid.Empty.ToString());
        json.WriteEndArray();
    }

    private void WriteChange(Utf8JsonWriter json, IReadOnlyList<TableSchema> step)
    {
        json.WriteStartArray();
        json.WriteStringValue(options.Database);
        json.WriteStringValue(options.Database);
        json.WriteStartObject();
        foreach (var table in step)
        {
            json.WriteStartArray(table.Name);
            json.WriteStartObject();
            if (options.Where.TryGetValue(table.Name, out var conditions))
                OperationWriter.WriteWhere(json, conditions);
            else
                WriteWhere(json, all: true);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>A condition that all rows meet, or none.</summary>
    private static void WriteWhere(Utf8JsonWriter json, bool all)
    {
        json.WriteStartArray("where"u8);
        json.WriteBooleanValue(all);
        json.WriteEndArray();
    }
}
