using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Kube;
using Sluice.Ovn;

namespace Sluice.Controller.Audit;

/// <summary>Takes down what would be written, in place of writing it.</summary>
public sealed class AuditLog
{
    private readonly Lock _gate = new();
    private readonly List<AuditChange> _changes = [];
    private readonly HashSet<Guid> _adopted = [];
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when everything was looked at once.</summary>
    public Task Completed => _complete.Task;

    /// <summary>So far, in an order that does not depend on who was faster.</summary>
    public ImmutableArray<AuditChange> Changes
    {
        get
        {
            lock (_gate)
                return [.. _changes.Distinct().OrderBy(change => change.Where, StringComparer.Ordinal).ThenBy(change => change.ToString(), StringComparer.Ordinal)];
        }
    }

    public void Complete() => _complete.TrySetResult();

    /// <param name="observed">Null for an object that would be created.</param>
    /// <param name="desired">Null for one that would be deleted.</param>
    public void Add<T>(ResourceType<T> type, string verb, T? observed, T? desired)
        where T : KubeObject =>
        Add(type, (desired ?? observed)!, verb, JsonDifference.Of(Json(type, observed), Json(type, desired)));

    /// <summary>Labels and annotations of an object that would be patched.</summary>
    public void Add<T>(ResourceType<T> type, T observed, JsonObject metadata)
        where T : KubeObject
    {
        var old = Json(type, observed)?["metadata"];
        Add(type, observed, "patch",
            from map in metadata
            where map.Value is JsonObject
            from entry in map.Value!.AsObject()
            select new AuditField($"metadata.{map.Key}.{entry.Key}", old?[map.Key]?[entry.Key]?.ToJsonString(), entry.Value?.ToJsonString()));
    }

    /// <summary>Whether a row of an earlier system would become ours.</summary>
    public bool Adopts(Guid row)
    {
        lock (_gate)
            return _adopted.Contains(row);
    }

    public void Add(OwnerKey owner, Changes changes, NorthboundSnapshot nb)
    {
        lock (_gate)
            _adopted.UnionWith(RowChanges.Adopted(changes.Operations).Keys);
        foreach (var row in RowChanges.Of(changes.Operations, nb))
        {
            Add(new(AuditChange.Northbound, owner.ToString(), $"{row.Table} row {row.Id.Name} {Verb(row.Kind)}",
                [.. row.Columns.Select(column => new AuditField(column.Column, column.Found, column.Wanted))]));
        }
        foreach (var conflict in changes.Conflicts)
        {
            Add(new(AuditChange.Northbound, owner.ToString(),
                $"{conflict.Table} row {conflict.Id.Name} can not be written: {conflict.Key} belongs to {conflict.Owner?.ToString() ?? "another system"}", []));
        }
    }

    /// <summary>Rows of nobody that would be removed.</summary>
    public void Add(OwnerKey owner, IEnumerable<StoredRef> rows, NorthboundSnapshot nb)
    {
        foreach (var row in rows)
            Add(new(AuditChange.Northbound, owner.ToString(), $"{row.Table} {nb.Describe(row)} would be removed", []));
    }

    private static string Verb(RowChangeKind kind) => kind switch
    {
        RowChangeKind.Missing => "would be inserted",
        RowChangeKind.Surplus => "would be removed",
        _ => "would change",
    };

    private static JsonNode? Json<T>(ResourceType<T> type, T? item)
        where T : KubeObject => item is null ? null : JsonSerializer.SerializeToNode(item, type.Json);

    private void Add<T>(ResourceType<T> type, T item, string verb, IEnumerable<AuditField> fields)
        where T : KubeObject
    {
        var name = item.Metadata.Namespace is { } ns ? $"{ns}/{item.Metadata.Name}" : item.Metadata.Name;
        Add(new(AuditChange.Api, $"{type.Kind}/{name}", verb, [.. fields]));
    }

    private void Add(AuditChange change)
    {
        lock (_gate)
            _changes.Add(change);
    }
}
