using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>Compares the columns of a desired row with those of its database row, and writes them.</summary>
internal sealed class RowContent(DiffContext context)
{
    /// <summary>Whether a column differs that the server does not let us change.</summary>
    public bool NeedsReplacing(PlannedRow planned)
    {
        var (row, existing) = (planned.Desired.Row, planned.Existing!);
        foreach (var column in planned.Table.Written)
        {
            if (column is { Exists: true, Mutable: false } && !column.Model.Matches(row, column.In(existing)))
                return true;
        }
        foreach (var column in planned.Table.References)
        {
            if (column is { Exists: true, Mutable: false } && !RefersTo(column, row, column.In(existing)))
                return true;
        }
        return false;
    }

    /// <summary>Whether the references of a row are as desired; what they refer to may have changed while the row did not.</summary>
    public bool ReferencesMatch(DesiredRow desired, BoundTable table, Row existing)
    {
        foreach (var column in table.References)
        {
            if (column.Exists && !RefersTo(column, desired.Row, column.In(existing)))
                return false;
        }
        return true;
    }

    /// <summary>Whether the plan wants the row to refer to others.</summary>
    public static bool HasReferences(PlannedRow planned)
    {
        foreach (var column in planned.Table.References)
        {
            if (column.Model.Get(planned.Desired.Row).Count > 0)
                return true;
        }
        return false;
    }

    /// <summary>The columns that differ and are written as a whole, with what they should hold.</summary>
    public List<KeyValuePair<string, Value>> Updates(PlannedRow planned)
    {
        var (row, existing) = (planned.Desired.Row, planned.Existing!);
        var updates = new List<KeyValuePair<string, Value>>();
        foreach (var column in planned.Table.Written)
        {
            if (column.Exists && !column.Model.Matches(row, column.In(existing)))
                updates.Add(new(column.Name, column.Model.Encode(row)));
        }
        foreach (var column in planned.Table.References)
        {
            if (column.Exists && !RefersTo(column, row, column.In(existing)))
                updates.Add(new(column.Name, Encode(column, row)));
        }
        return updates;
    }

    /// <summary>The changes of maps that others write too.</summary>
    public static List<Mutation> Mutations(PlannedRow planned)
    {
        var mutations = new List<Mutation>();
        foreach (var column in planned.Table.Shared)
        {
            if (column.Exists)
                SharedMap.Difference(column.Model, Wanted(column.Model, planned), column.In(planned.Existing!), mutations);
        }
        return mutations;
    }

    /// <summary>The columns of a row that is inserted, without those that the server fills in as desired.</summary>
    public List<KeyValuePair<string, Value>> Insert(PlannedRow planned)
    {
        var (table, row) = (planned.Table, planned.Desired.Row);
        var columns = new List<KeyValuePair<string, Value>>();
        foreach (var column in table.Written)
        {
            if (column.Exists && !column.Model.IsAbsent(row))
                columns.Add(new(column.Name, column.Model.Encode(row)));
        }
        foreach (var column in table.References)
        {
            if (column.Exists && column.Model.Get(row).Count > 0)
                columns.Add(new(column.Name, Encode(column, row)));
        }
        foreach (var column in table.Shared)
        {
            var wanted = Wanted(column.Model, planned);
            if (!column.Exists)
                continue;
            if (planned.Replaced)
                columns.Add(new(column.Name, SharedMap.Merge(column.Model, wanted, column.In(planned.Existing!))));
            else if (wanted.Count > 0)
                columns.Add(new(column.Name, Value.Map(wanted)));
        }
        foreach (var (column, members) in planned.Members)
            columns.Add(new(column, Value.Set(members)));
        return columns;
    }

    private static StringMap Wanted(SharedMapColumn column, PlannedRow planned)
    {
        var desired = planned.Desired;
        if (!ReferenceEquals(column, SharedMapColumn.ExternalIds))
            return column.Get(desired.Row);
        var ids = OwnerIds.Stamp(desired.Id, desired.Row.ExternalIds);
        return planned.Adopted ? ids.With(OwnerIds.Adopted, "true") : ids;
    }

    private bool RefersTo(BoundColumn<RefColumn> column, OvnRow row, Value value)
    {
        var references = column.Model.Get(row);
        if (references.Count != value.Count)
            return false;
        for (var i = 0; i < references.Count; i++)
        {
            if (context.Refs.Resolve(column.Model.RefTable, references[i]).Kept is not { } target || !value.Contains(Atom.Of(target.Uuid)))
                return false;
        }
        return true;
    }

    private Value Encode(BoundColumn<RefColumn> column, OvnRow row) =>
        Value.Set(column.Model.Get(row).Select(reference => context.Refs.Resolve(column.Model.RefTable, reference).Reference));
}
