using Sluice.Ovn.Model;
using Sluice.Ovn.Northbound;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>
/// Kube-OVN does not mark every row with its vendor. A row without the mark is taken for one of its rows when it looks like one and
/// belongs to a router or a port that we took over from it: on a router that was ours from the beginning, it is somebody's own.
/// </summary>
internal static class UnmarkedRows
{
    /// <summary>The tables with rows that Kube-OVN leaves unmarked, and all that it writes into their <c>external_ids</c>.</summary>
    private static readonly Dictionary<string, string?> Tables = new(StringComparer.Ordinal)
    {
        [Bfd.Model.Name] = "gateway_chassis",
        [GatewayChassis.Model.Name] = "lrp",
        [LogicalRouterStaticRoute.Model.Name] = null,
        [Nat.Model.Name] = null,
    };

    /// <summary>Whether Kube-OVN leaves rows of the table unmarked.</summary>
    public static bool In(TableModel table) => Tables.ContainsKey(table.Name);

    /// <summary>Whether a row that matches a desired one by its key may be adopted.</summary>
    public static bool IsAdoptable(DiffContext context, PlannedRow planned, Row row)
    {
        if (!In(planned.Table.Model) || !IsUnmarked(planned.Table, row))
            return false;

        // Sessions are in no set: they name their port.
        if (planned.Desired.Row is Bfd session)
            return context.Nb.FindByName(LogicalRouterPort.Model.Name, session.LogicalPort) is { } port && IsOurs(context, port);
        foreach (var attachment in planned.Desired.Attachments)
        {
            if (context.IsAttached(attachment, row) && IsAdopted(context, context.Refs.Resolve(attachment.ParentTable, attachment.Parent).Existing!))
                return true;
        }
        return false;
    }

    private static bool IsUnmarked(BoundTable table, Row row)
    {
        var ids = row[table.ExternalIds];
        return ids.Count == 0 || (ids.Count == 1 && ids.Keys[0].AsString == Tables[table.Name]);
    }

    private static bool IsOurs(DiffContext context, Row port) =>
        context.Nb.Binding[LogicalRouterPort.Model.Name].OwnerOf(port) == context.Owner || context.Matches.For(port) is { Adopted: true };

    private static bool IsAdopted(DiffContext context, Row parent) =>
        context.Matches.For(parent) is { Adopted: true } || parent.Find("external_ids")?.Get(OwnerIds.Adopted) is not null;
}
