using System.Collections.Immutable;
using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>One comparison of rows that are wanted, or not, with the database: see <see cref="RowDiff"/>.</summary>
internal sealed class OwnerDiff
{
    private readonly DiffContext _context;
    private readonly RowMatches _matches;
    private readonly RowContent _content;
    private readonly MembershipEdits _edits = new();
    private Attachment? _lastAttachment;
    private Value? _lastSet;
    private Value? _formerSet;
    private bool _hasGrown;

    public OwnerDiff(OwnerKey owner, RowMatches matches, NorthboundSnapshot nb)
    {
        _matches = matches;
        _context = new(owner, nb, matches, new(owner, nb, matches), new());
        _content = new(_context);
    }

    public Changes Run()
    {
        new KeyMatcher(_context).Match();
        var holdBack = new HoldBack(_context);
        holdBack.Decide();
        DecideReplacements();
        Unsettle();
        holdBack.Decide();
        var memberships = new Memberships(_context, _edits);
        memberships.Attach();
        memberships.Detach();
        return Write(memberships);
    }

    private void DecideReplacements()
    {
        foreach (var planned in _matches.Planned)
            planned.Replaced = planned is { Existing: not null, Held: false } && _content.NeedsReplacing(planned);
    }

    /// <summary>Takes a closer look at rows whose own columns are right, but whose references or memberships are not.</summary>
    private void Unsettle()
    {
        _lastAttachment = null;
        var misplaced = _matches.Settled.FindAll(row => !IsInPlace(row));
        if (misplaced.Count == 0)
            return;
        var set = misplaced.ToHashSet(ReferenceEqualityComparer.Instance);
        _matches.Settled.RemoveAll(set.Contains);
        foreach (var row in misplaced)
            _matches.Pair(_matches.Plan(row, _context.Nb.Binding[row.Row.Table.Name]), row.Settled!);
    }

    private bool IsInPlace(DesiredRow row)
    {
        var existing = row.Settled!;
        foreach (var attachment in row.Attachments)
        {
            // The rules of a router share one attachment.
            if (!ReferenceEquals(attachment, _lastAttachment))
                (_lastAttachment, _lastSet, _formerSet) = (attachment, _context.SetOf(attachment), null);
            if (_lastSet is null)
                return false;
            if (ReferenceEquals(_lastSet, row.SettledIn))
                continue;
            if (!HasGrownFrom(row.SettledIn) && !_lastSet.Contains(Atom.Of(existing.Uuid)))
                return false;
            row.SettledIn = _lastSet;
        }
        return !row.SettledWithReferences || _content.ReferencesMatch(row, _context.Nb.Binding[row.Row.Table.Name], existing);
    }

    /// <summary>
    /// Whether <see cref="_lastSet"/> has all that a set had which a row was found in. Mostly all rows of a router were found in the same one,
    /// so that two sets are compared once and not each row looked up.
    /// </summary>
    private bool HasGrownFrom(Value? former)
    {
        if (former is null)
            return false;
        if (!ReferenceEquals(former, _formerSet))
            (_formerSet, _hasGrown) = (former, _lastSet!.IsSupersetOf(former));
        return _hasGrown;
    }

    private Changes Write(Memberships memberships)
    {
        var deletes = new List<Operation>();
        var inserts = new List<(PlannedRow Row, Operation Insert)>();
        var updates = new List<Operation>();
        var updated = new HashSet<Guid>();
        var written = ImmutableArray.CreateBuilder<string>();
        var (inserted, deleted, adopted) = (0, 0, 0);

        foreach (var surplus in _matches.Surplus
            .OrderBy(surplus => surplus.Table.Name, StringComparer.Ordinal)
            .ThenBy(surplus => surplus.Row.Uuid))
        {
            deleted++;
            Delete(surplus.Table, surplus.Row, deletes);
        }

        foreach (var planned in _matches.Planned
            .Where(planned => planned.Held is false)
            .OrderBy(planned => planned.Table.Name, StringComparer.Ordinal)
            .ThenBy(planned => planned.Desired.Id.Name, StringComparer.Ordinal))
        {
            adopted += planned.Adopted ? 1 : 0;
            var isChanged = true;
            if (planned.IsInserted)
            {
                inserted += planned.Replaced ? 0 : 1;
                inserts.Add((planned, new Insert(planned.Table.Name, _content.Insert(planned), planned.Reference.AsName)));
                if (planned.Replaced)
                {
                    updated.Add(planned.Existing!.Uuid);
                    Delete(planned.Table, planned.Existing, deletes);
                }
            }
            else if (!Update(planned, updates))
            {
                planned.Desired.Settle(planned.Existing!, RowContent.HasReferences(planned));
                isChanged = planned.Moved;
            }
            else if (!planned.Adopted)
            {
                updated.Add(planned.Existing!.Uuid);
            }
            if (isChanged)
                written.Add(planned.Desired.Id.Name);
        }

        updated.UnionWith(_edits.Touched);
        updated.ExceptWith(_matches.Surplus.Select(surplus => surplus.Row.Uuid));
        var report = _context.Report;
        var isGrowth = deleted == 0 && updates.Count == 0 && updated.Count == 0;
        var (operations, cuts) = (isGrowth ? new Division(_context, memberships).Of(inserts) : null)
            ?? ([.. deletes, .. inserts.Select(insert => insert.Insert), .. updates, .. _edits.ToOperations()], []);
        return new(
            operations,
            report.MissingParents,
            report.UnsupportedColumns,
            report.Conflicts,
            inserted,
            updated.Count,
            deleted,
            adopted)
        {
            Written = written.DrainToImmutable(),
            Cuts = cuts,
        };
    }

    /// <summary>
    /// A row that is no root vanishes with its last membership: RFC 7047 section 3.2, "isRoot". The server collects such rows after it has
    /// looked whether rows that are deleted are still referred to, so that one with references is deleted as well.
    /// </summary>
    private static void Delete(BoundTable table, Row row, List<Operation> deletes)
    {
        if (table.Model.IsRoot || table.References.Any(column => column is { Exists: true, Model.Weak: false } && column.In(row).Count > 0))
            deletes.Add(new Delete(table.Name, [Condition.Uuid(row.Uuid)]));
    }

    /// <summary>Writes the columns of an existing row that differ; false when none does.</summary>
    private bool Update(PlannedRow planned, List<Operation> updates)
    {
        ImmutableArray<Condition> where = [Condition.Uuid(planned.Existing!.Uuid)];
        var columns = _content.Updates(planned);
        var mutations = RowContent.Mutations(planned);
        if (columns.Count > 0)
            updates.Add(new Update(planned.Table.Name, where, columns));
        if (mutations.Count > 0)
            updates.Add(new Mutate(planned.Table.Name, where, mutations));
        return columns.Count + mutations.Count > 0;
    }
}
