using Sluice.Ovn.Model;

namespace Sluice.Ovn.Diff;

/// <summary>
/// Decides which rows nothing is done about: writing them without a column that the server lacks, or without a row that they refer to,
/// would mean something else than the plan does. What depends on such a row that does not exist waits with it.
/// </summary>
internal sealed class HoldBack(DiffContext context)
{
    public void Decide()
    {
        foreach (var row in context.Matches.Planned)
            _ = IsHeld(row);
    }

    private bool IsHeld(PlannedRow planned)
    {
        if (planned.Held is { } known)
            return known;
        planned.Held = false; // Rows that refer to each other do not wait for each other.
        return (planned.Held = !(IsSupported(planned) & HasReferences(planned) & HasParent(planned))).Value;
    }

    private bool IsSupported(PlannedRow planned)
    {
        var (table, row) = (planned.Table, planned.Desired.Row);
        if (!table.Exists)
        {
            context.Report.Unsupported(table.Name);
            return false;
        }
        var supported = true;
        foreach (var column in table.Written)
            supported &= column.Exists || column.Model.IsAbsent(row) || Unsupported(table, column.Name);
        foreach (var column in table.References)
            supported &= column.Exists || column.Model.Get(row).Count == 0 || Unsupported(table, column.Name);
        foreach (var column in table.Shared)
            supported &= column.Exists || column.Model.Get(row).Count == 0 || Unsupported(table, column.Name);
        return supported;
    }

    private bool HasReferences(PlannedRow planned)
    {
        var complete = true;
        foreach (var column in planned.Table.References)
        {
            foreach (var reference in column.Model.Get(planned.Desired.Row))
                complete &= IsAvailable(column.Model.RefTable, reference);
        }
        return complete;
    }

    /// <summary>A row that is no root lives in a set that holds it; missing sets of other kinds can be joined later.</summary>
    private bool HasParent(PlannedRow planned)
    {
        var held = planned.Table.Model.IsRoot;
        foreach (var attachment in planned.Desired.Attachments)
        {
            var parent = context.Nb.Binding[attachment.ParentTable];
            var set = parent.Set(attachment.Column);
            if (!set.Exists)
                Unsupported(parent, set.Name);
            else if (IsAvailable(attachment.ParentTable, attachment.Parent))
                held |= !set.Model.Weak;
        }
        return held;
    }

    private bool IsAvailable(string table, RowRef reference)
    {
        var target = context.Refs.Resolve(table, reference);
        if (!target.IsFound)
            context.Report.Missing(reference);
        else if (target.Planned is { Existing: null } planned)
            return !IsHeld(planned);
        return target.IsFound;
    }

    private bool Unsupported(BoundTable table, string column)
    {
        context.Report.Unsupported(table.Name, column);
        return false;
    }
}
