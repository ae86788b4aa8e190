using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>
/// Divides a difference that does nothing but add many rows, so that it can be committed in several transactions:
/// docs/design/0011-large-plans-are-committed-in-parts.md.
/// </summary>
internal sealed class Division(DiffContext context, Memberships memberships)
{
    /// <summary>Rows in a part: enough that few transactions wake ovn-northd, and few enough that the server deals with each fast.</summary>
    public const int PartSize = 200;

    /// <summary>
    /// The operations in an order in which a transaction may end at each of the cuts; null when there is nothing to gain. A row can wait
    /// for a later transaction if it needs no row that this plan adds and no such row needs it.
    /// </summary>
    /// <param name="inserts">All that is to be done, apart from adding the rows to sets of existing rows.</param>
    public (ImmutableArray<Operation> Operations, ImmutableArray<int> Cuts)? Of(List<(PlannedRow Row, Operation Insert)> inserts)
    {
        if (inserts.Count <= PartSize)
            return null;
        var needed = new HashSet<PlannedRow>();
        var isAlone = inserts.ConvertAll(insert => IsAlone(insert.Row, needed));
        var alone = new List<(PlannedRow Row, Operation Insert)>();
        var together = new List<(PlannedRow Row, Operation Insert)>();
        for (var i = 0; i < inserts.Count; i++)
            (isAlone[i] && !needed.Contains(inserts[i].Row) ? alone : together).Add(inserts[i]);
        if (alone.Count <= PartSize)
            return null;

        var operations = ImmutableArray.CreateBuilder<Operation>();
        var cuts = ImmutableArray.CreateBuilder<int>();
        foreach (var part in alone.Chunk(PartSize))
        {
            if (operations.Count > 0)
                cuts.Add(operations.Count);
            Add(operations, cuts.Count == 0 ? [.. together, .. part] : part);
        }
        return (operations.ToImmutable(), cuts.ToImmutable());
    }

    private void Add(ImmutableArray<Operation>.Builder operations, IReadOnlyList<(PlannedRow Row, Operation Insert)> part)
    {
        var edits = new MembershipEdits();
        foreach (var (row, insert) in part)
        {
            operations.Add(insert);
            memberships.Join(row, edits);
        }
        operations.AddRange(edits.ToOperations());
    }

    /// <summary>Whether a row needs no other row that is inserted; notes those that it does need.</summary>
    private bool IsAlone(PlannedRow planned, HashSet<PlannedRow> needed)
    {
        var isAlone = planned.Members.Count == 0;
        foreach (var attachment in planned.Desired.Attachments)
            isAlone &= context.Refs.Resolve(attachment.ParentTable, attachment.Parent).Planned is not { IsInserted: true };
        foreach (var column in planned.Table.References)
        {
            foreach (var reference in column.Model.Get(planned.Desired.Row))
            {
                if (context.Refs.Resolve(column.Model.RefTable, reference).Planned is not { IsInserted: true } target)
                    continue;
                needed.Add(target);
                isAlone = false;
            }
        }
        return isAlone;
    }
}
