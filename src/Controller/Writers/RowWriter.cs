using Sluice.Controller.Audit;
using Sluice.Ovn;
using Sluice.Ovsdb;

namespace Sluice.Controller.Writers;

/// <summary>Makes the northbound rows of an owner what a plan wants.</summary>
/// <param name="audit">Told of what would be written, which then is not; null to write.</param>
public sealed class RowWriter(NorthboundDatabase northbound, MissingRows missing, RowAccounts accounts, AuditLog? audit = null)
{
    private const int MaxAttempts = 3;

    /// <summary>The northbound database as we know it; it shows what we have written.</summary>
    public NorthboundSnapshot Current => northbound.Current;

    /// <summary>Writes what differs. Rows whose parents do not exist yet wait for them: the owner's key comes again when they do.</summary>
    /// <param name="committing">Told of what is about to be written, whether that succeeds or not.</param>
    /// <returns>What differed, and what stands in the way of the rest.</returns>
    public async Task<Changes> ApplyAsync(
        OwnerKey owner, IReadOnlyList<DesiredRow> rows, CancellationToken cancellation, Action<Changes>? committing = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var changes = Compare(owner, rows);
            if (audit is not null)
            {
                audit.Add(owner, changes, northbound.Current);
                return changes;
            }
            try
            {
                if (!changes.IsEmpty)
                {
                    committing?.Invoke(changes);
                    await northbound.CommitAsync(owner, changes, cancellation);
                }
                accounts.Enter(owner, rows, changes);
                return changes;
            }
            catch (OvsdbException e) when (e.IsTransient && northbound.IsConnected && attempt < MaxAttempts)
            {
                // Another plan was faster, with a switch that is gone now for example: what is left to do shows when we look again.
            }
        }
    }

    /// <summary>Whether a row that nobody owns would belong to us if anything were written.</summary>
    public bool WouldAdopt(Guid row) => audit?.Adopts(row) == true;

    /// <summary>Removes rows that nobody owns.</summary>
    /// <param name="owner">In whose name.</param>
    public async Task RemoveAsync(OwnerKey owner, IReadOnlyCollection<StoredRef> unowned, CancellationToken cancellation)
    {
        if (audit is not null)
        {
            audit.Add(owner, unowned, northbound.Current);
            return;
        }
        var changes = RowDiff.Removal(owner, unowned, northbound.Current);
        if (!changes.IsEmpty)
            await northbound.CommitAsync(owner, changes, cancellation);
    }

    private Changes Compare(OwnerKey owner, IReadOnlyList<DesiredRow> rows)
    {
        while (true)
        {
            var current = northbound.Current;
            var changes = RowDiff.Between(owner, rows, current);
            if (changes.MissingParents.IsEmpty)
                return changes;

            // What comes from now on finds us waiting; what came in between we see by looking again.
            missing.Add(owner, changes.MissingParents);
            if (ReferenceEquals(current, northbound.Current))
                return changes;
        }
    }
}
