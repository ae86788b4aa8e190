using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Controller.Cleanup;

/// <summary>
/// Removes all rows of ours. A router or a switch that holds rows of somebody else stays, because the database would remove them with it.
/// </summary>
public sealed class NorthboundCleanup(NorthboundDatabase northbound, TextWriter output)
{
    /// <param name="dry">Only say what would be done.</param>
    /// <returns>How many rows had to stay.</returns>
    public async Task<int> RunAsync(bool dry, CancellationToken cancellation)
    {
        var nb = northbound.Current;
        var kept = Kept(nb).ToDictionary(row => row.Row);
        foreach (var owner in nb.Owners().OrderBy(owner => owner.ToString(), StringComparer.Ordinal))
        {
            var rows = nb.RowsOf(owner).Where(row => !kept.ContainsKey(row)).ToList();
            if (rows.Count == 0)
                continue;
            if (!dry)
                await northbound.CommitAsync(owner, RowDiff.Removal(owner, rows, northbound.Current), cancellation);
            await output.WriteLineAsync($"{(dry ? "would remove" : "removed")} {rows.Count} rows of {owner}");
        }
        foreach (var row in kept.Values)
            await output.WriteLineAsync($"{row.Row.Table} {row.Name} stays: {row.Foreign} rows in it are not ours");
        return kept.Count;
    }

    private static IEnumerable<(StoredRef Row, string Name, int Foreign)> Kept(NorthboundSnapshot nb)
    {
        var routers = nb.All<LogicalRouter>().Where(row => row.Id is not null).Select(row => (StoredRef.To(row), row.Row.Name, Foreign:
            Foreign<LogicalRouterPort>(nb, row.Row.Ports) + Foreign<LogicalRouterStaticRoute>(nb, row.Row.StaticRoutes)
            + Foreign<LogicalRouterPolicy>(nb, row.Row.Policies) + Foreign<Nat>(nb, row.Row.Nat)));
        var switches = nb.All<LogicalSwitch>().Where(row => row.Id is not null).Select(row => (StoredRef.To(row), row.Row.Name, Foreign:
            Foreign<LogicalSwitchPort>(nb, row.Row.Ports) + Foreign<Acl>(nb, row.Row.Acls)));
        return routers.Concat(switches).Where(row => row.Foreign > 0);
    }

    private static int Foreign<T>(NorthboundSnapshot nb, RefSet members)
        where T : OvnRow, INorthboundRow =>
        members.OfType<RowRef.ByUuid>().Count(member => nb.Find<T>(member.Uuid) is { Id: null });
}
