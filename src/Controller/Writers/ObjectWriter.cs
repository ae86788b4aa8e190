using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Audit;
using Sluice.Controller.Http;
using Sluice.Kube;
using Sluice.Plan;

namespace Sluice.Controller.Writers;

/// <summary>
/// Stores what plans want of API objects. Nothing is written that is equal already. A write that meets a newer object is dropped: the
/// watch brings that object and with it the key again. What was stored is fed into the cache, so that we read our own writes.
/// </summary>
/// <param name="audit">Told of what would be written, which then is not; null to write.</param>
public sealed class ObjectWriter(KubeClient client, EventRecorder events, ControllerMetrics metrics, TimeProvider time, AuditLog? audit = null) : IDisposable
{
    /// <summary>More than this only makes the API server slower.</summary>
    private const int MaxInFlight = 32;

    private readonly SemaphoreSlim _slots = new(MaxInFlight);

    public void Dispose() => _slots.Dispose();

    /// <summary>Stores labels, annotations, finalizers and owner references if they differ.</summary>
    /// <returns>The object as it is now; null when somebody else changed or removed it.</returns>
    public async Task<T?> WriteMetadataAsync<T>(Resource<T> resource, Change<T> change, CancellationToken cancellation)
        where T : KubeObject
    {
        if (!change.ChangesMetadata())
            return change.Observed;
        var item = change.MetadataOnly();
        return await StoreAsync(resource, "metadata", change.Observed, item, () => client.ReplaceAsync(resource.Type, item, cancellation), cancellation);
    }

    /// <summary>Stores the whole object, spec included, if it differs; for kinds without a status of their own and for filled-in defaults.</summary>
    /// <returns>The object as it is now; null when somebody else changed or removed it.</returns>
    public async Task<T?> WriteAsync<T>(Resource<T> resource, Change<T> change, CancellationToken cancellation)
        where T : KubeObject
    {
        if (change.Observed.Equals(change.Desired))
            return change.Observed;
        return await StoreAsync(
            resource, "object", change.Observed, change.Desired, () => client.ReplaceAsync(resource.Type, change.Desired, cancellation), cancellation);
    }

    /// <summary>Stores the status if it differs, and tells about conditions that changed in Events.</summary>
    /// <returns>The object as it is now; null when somebody else changed or removed it.</returns>
    public async Task<T?> WriteStatusAsync<T>(Resource<T> resource, Change<T> change, CancellationToken cancellation)
        where T : KubeObject, IHasStatus
    {
        var (before, after) = (change.Observed.Status, change.Desired.Status);
        if (after is null || after.Equals(before))
            return change.Observed;

        var conditions = Conditions.Stamp(after.Conditions, before?.Conditions, time.GetUtcNow());
        var item = (T)change.Desired.WithStatus(after with { Conditions = conditions });
        var stored = await StoreAsync(resource, "status", change.Observed, item, () => client.ReplaceStatusAsync(resource.Type, item, cancellation), cancellation);
        if (stored is not null)
            Announce(resource, stored, before?.Conditions, conditions);
        return stored;
    }

    /// <summary>Stores metadata and status at once, if they differ, for a kind whose status is no subresource.</summary>
    /// <returns>The object as it is now; null when somebody else changed or removed it.</returns>
    public async Task<T?> WriteWithStatusAsync<T>(Resource<T> resource, Change<T> change, CancellationToken cancellation)
        where T : KubeObject, IHasStatus
    {
        var (before, after) = (change.Observed.Status, change.Desired.Status);
        if (!change.ChangesMetadata() && Equals(before, after))
            return change.Observed;

        var conditions = Conditions.Stamp(after?.Conditions, before?.Conditions, time.GetUtcNow());
        var item = after is null ? change.Desired : (T)change.Desired.WithStatus(after with { Conditions = conditions });
        var stored = await StoreAsync(resource, "object", change.Observed, item, () => client.ReplaceAsync(resource.Type, item, cancellation), cancellation);
        if (stored is not null)
            Announce(resource, stored, before?.Conditions, conditions);
        return stored;
    }

    /// <summary>Creates an object.</summary>
    /// <returns>The object as stored; null when there is one of that name already.</returns>
    public async Task<T?> CreateAsync<T>(Resource<T> resource, T item, CancellationToken cancellation)
        where T : KubeObject =>
        await StoreAsync(resource, "create", null, item, () => client.CreateAsync(resource.Type, item, cancellation), cancellation);

    /// <summary>Asks for the deletion of an object, provided it is still the one that was seen.</summary>
    public async Task DeleteAsync<T>(Resource<T> resource, T observed, CancellationToken cancellation)
        where T : KubeObject
    {
        if (observed.Metadata.IsDeleting)
            return;
        await StoreAsync(resource, "delete", observed, null, async () =>
        {
            var options = new DeleteOptions { Uid = observed.Metadata.Uid };
            await client.DeleteAsync(resource.Type, observed.Metadata.Namespace, observed.Metadata.Name, options, cancellation);
            return observed;
        }, cancellation, isNewState: false);
    }

    /// <summary>
    /// Sets labels and annotations of a kind that is only partly modelled (Pod, Node, Namespace); null removes one. Nothing is written
    /// when all are as wanted.
    /// </summary>
    /// <returns>The object as it is now; null when it is gone.</returns>
    public async Task<T?> PatchMetadataAsync<T>(
        Resource<T> resource,
        T observed,
        IEnumerable<KeyValuePair<string, string?>> labels,
        IEnumerable<KeyValuePair<string, string?>> annotations,
        CancellationToken cancellation)
        where T : KubeObject
    {
        var metadata = new JsonObject();
        AddDifferent(metadata, "labels", observed.Metadata.Labels, labels);
        AddDifferent(metadata, "annotations", observed.Metadata.Annotations, annotations);
        if (metadata.Count == 0)
            return observed;

        if (audit is not null)
        {
            audit.Add(resource.Type, observed, metadata);
            return observed;
        }

        // The patch must not touch an object that has taken the place of the one that was seen.
        metadata["uid"] = observed.Metadata.Uid;
        var patch = Patch.Merge(new JsonObject { ["metadata"] = metadata });
        return await StoreAsync(
            resource,
            "patch",
            observed,
            observed,
            () => client.PatchAsync(resource.Type, observed.Metadata.Namespace, observed.Metadata.Name, patch, cancellationToken: cancellation),
            cancellation);
    }

    /// <param name="observed">Null for an object that is created.</param>
    /// <param name="desired">Null for one that is deleted.</param>
    private async Task<T?> StoreAsync<T>(
        Resource<T> resource, string verb, T? observed, T? desired, Func<Task<T>> store, CancellationToken cancellation, bool isNewState = true)
        where T : KubeObject
    {
        if (audit is not null)
        {
            audit.Add(resource.Type, verb, observed, desired);
            return desired ?? observed;
        }

        await _slots.WaitAsync(cancellation);
        try
        {
            var stored = await store();
            metrics.ApiWrite(resource.Type.Kind, verb);
            if (isNewState)
                resource.Informer.Observe(stored);
            return stored;
        }
        catch (KubeException e) when (e.IsConflict || e.IsAlreadyExists || e.IsNotFound)
        {
            metrics.ApiConflict(resource.Type.Kind, verb);
            return null;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>
    /// Tells of readiness that comes or goes, once, and of a spec that is not taken; other conditions give the same reason for another aspect. What is good
    /// from the start is what everybody expects, and no news.
    /// </summary>
    private void Announce<T>(Resource<T> resource, T stored, ValueList<Condition>? before, ValueList<Condition>? after)
        where T : KubeObject
    {
        var isReadinessNews = false;
        foreach (var condition in (after ?? []).OrderBy(condition => condition.Type == ConditionTypes.Ready ? 0 : 1))
        {
            var old = before.Find(condition.Type, condition.Node);
            if (condition.Type == ConditionTypes.Validated && !isReadinessNews && condition.Status == ConditionStatus.False
                && condition.Message != old?.Message)
            {
                events.Warning(resource.Type, stored, condition.Reason ?? "", condition.Message ?? "");
            }
            if (condition.Type != ConditionTypes.Ready || condition.Reason is null || (condition.Status == old?.Status && condition.Reason == old.Reason))
                continue;
            isReadinessNews = true;
            if (condition.Status != ConditionStatus.True)
                events.Warning(resource.Type, stored, condition.Reason, condition.Message ?? "");
            else if (old is not null)
                events.Normal(resource.Type, stored, condition.Reason, condition.Message ?? "");
        }
    }

    private static void AddDifferent(
        JsonObject metadata, string field, IReadOnlyDictionary<string, string>? observed, IEnumerable<KeyValuePair<string, string?>> wanted)
    {
        var different = new JsonObject();
        foreach (var (key, value) in wanted)
        {
            if (observed?.GetValueOrDefault(key) != value)
                different[key] = value;
        }
        if (different.Count > 0)
            metadata[field] = different;
    }
}
