using System.Collections.Immutable;
using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>
/// Attaches rows to the sets that they belong to and detaches them from others. Sets are changed member by member, so that members of
/// others stay.
/// </summary>
internal sealed class Memberships(DiffContext context, MembershipEdits edits)
{
    /// <summary>Adds what is missing. Rows in place are in every set that they belong to.</summary>
    public void Attach()
    {
        foreach (var planned in context.Matches.Planned)
        {
            if (planned.Held is true)
                continue;
            foreach (var attachment in planned.Desired.Attachments)
                Attach(planned, attachment);
        }
    }

    /// <summary>Removes memberships that no plan wants.</summary>
    public void Detach()
    {
        foreach (var table in context.Nb.Binding.Tables)
        {
            var sets = context.Nb.Binding.ParentsOf(table.Name);
            if (sets.IsEmpty || !table.Exists)
                continue;
            var suspects = Suspects(table, sets);
            if (suspects.Count == 0)
                continue;
            foreach (var set in sets)
            {
                foreach (var parent in context.Nb.Rows(set.Table)!.Rows)
                    Detach(set, parent, suspects);
            }
        }
    }

    /// <summary>Adds a row that is inserted to the sets of existing rows that it belongs to.</summary>
    public void Join(PlannedRow planned, MembershipEdits joined)
    {
        foreach (var attachment in planned.Desired.Attachments)
        {
            if (Target(attachment) is { Planned: not { IsInserted: true }, Existing: { } parent })
                joined.Add(attachment.ParentTable, parent, attachment.Column, planned.Reference);
        }
    }

    private void Attach(PlannedRow planned, Attachment attachment)
    {
        if (Target(attachment) is not { } target)
            return;
        if (target.Planned is { IsInserted: true } parent)
        {
            if (!parent.Members.TryGetValue(attachment.Column, out var members))
                parent.Members[attachment.Column] = members = [];
            members.Add(planned.Reference);
            planned.Moved = !planned.IsInserted;
        }
        else if (planned.IsInserted || !context.IsAttached(attachment, planned.Existing!))
        {
            edits.Add(attachment.ParentTable, target.Existing!, attachment.Column, planned.Reference);
            planned.Moved = true;
        }
    }

    /// <summary>The row with the set; null while there is none, or no such set.</summary>
    private RowTarget? Target(Attachment attachment)
    {
        var target = context.Refs.Resolve(attachment.ParentTable, attachment.Parent);
        return context.IsAvailable(target) && context.Nb.Binding[attachment.ParentTable].Set(attachment.Column).Exists ? target : null;
    }

    /// <summary>
    /// The rows of ours that may be members of a set they do not belong to. A row that is no root and in its place can not be, as long as
    /// there are as many members as rows: that spares looking through all sets of the database.
    /// </summary>
    private Dictionary<Guid, DesiredRow?> Suspects(BoundTable table, ImmutableArray<ParentSet> sets)
    {
        var suspects = new Dictionary<Guid, DesiredRow?>();
        foreach (var surplus in context.Matches.Surplus)
        {
            if (ReferenceEquals(surplus.Table, table) && !table.Model.IsRoot)
                suspects.Add(surplus.Row.Uuid, null);
        }
        var all = sets.Any(set => set.Column.Model.Weak) || !context.Nb.IsEachHeldOnce(table);
        foreach (var planned in context.Matches.Planned)
        {
            if (!ReferenceEquals(planned.Table, table) || planned is not { Existing: { } existing, Held: not true })
                continue;
            if (all || planned.Moved || planned.Replaced)
                suspects.Add(existing.Uuid, planned.Replaced ? null : planned.Desired);
        }
        if (all)
        {
            foreach (var settled in context.Matches.Settled)
            {
                if (ReferenceEquals(settled.Row.Table, table.Model))
                    suspects.TryAdd(settled.Settled!.Uuid, settled);
            }
        }
        return suspects;
    }

    private void Detach(ParentSet set, Row parent, Dictionary<Guid, DesiredRow?> suspects)
    {
        if (context.Matches.IsSurplus(parent) || context.Matches.For(parent) is { Replaced: true })
            return;
        if (set.Column.Model.Weak && IsForeign(set.Table, parent))
            return;
        var members = set.Column.In(parent);
        if (members.Count <= suspects.Count * 16)
        {
            foreach (var member in members.Keys)
            {
                if (suspects.TryGetValue(member.AsGuid, out var desired))
                    Detach(set, parent, member, desired);
            }
            return;
        }
        foreach (var (uuid, desired) in suspects)
        {
            var member = Atom.Of(uuid);
            if (members.Contains(member))
                Detach(set, parent, member, desired);
        }
    }

    private void Detach(ParentSet set, Row parent, Atom member, DesiredRow? desired)
    {
        if (desired is not null && Wants(desired, set, parent))
            return;
        edits.Remove(set.Table.Name, parent, set.Column.Name, member);
    }

    /// <summary>A group of somebody else's may well list rows of ours.</summary>
    private static bool IsForeign(BoundTable table, Row row) =>
        table.OwnerOf(row) is null && !OwnerIds.IsLegacy(row[table.ExternalIds]);

    private bool Wants(DesiredRow desired, ParentSet set, Row parent)
    {
        foreach (var attachment in desired.Attachments)
        {
            if (string.Equals(attachment.Column, set.Column.Name, StringComparison.Ordinal)
                && string.Equals(attachment.ParentTable, set.Table.Name, StringComparison.Ordinal)
                && context.Refs.Resolve(attachment.ParentTable, attachment.Parent).Existing?.Uuid == parent.Uuid)
            {
                return true;
            }
        }
        return false;
    }
}
