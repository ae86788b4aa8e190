using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>What keeps rows of a plan out of the database although everything that can be written was.</summary>
internal sealed class Obstacles
{
    private readonly Dictionary<string, Refusal> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missingSwitches = new(StringComparer.Ordinal);

    private Obstacles()
    {
    }

    /// <summary>Whether there are none, so that every row of the plan is in the database.</summary>
    public bool None => _rows.Count == 0 && _missingSwitches.Count == 0;

    public static Obstacles Of(Changes changes)
    {
        var obstacles = new Obstacles();
        foreach (var parent in changes.MissingParents)
        {
            if (parent is RowRef.ByName { Table: "Logical_Switch" } missing) obstacles._missingSwitches.Add(missing.Name);
        }
        foreach (var conflict in changes.Conflicts)
        {
            var owner = conflict.Owner is { } other ? other.ToString() : "another system";
            obstacles._rows[conflict.Id.Name] = new(Reasons.Conflict, $"{conflict.Table} {conflict.Key} belongs to {owner}");
        }
        return obstacles;
    }

    /// <summary>Why one row is not in the database, as far as it is known.</summary>
    public Refusal? OfRow(string name) => _rows.GetValueOrDefault(name);

    /// <summary>Why the router's port in a subnet does not work.</summary>
    public Refusal? OfPort(string vpc, string subnet) =>
        OfRow("router") ?? OfRow(VpcRows.RouterPortId(vpc, subnet)) ?? OfRow(VpcRows.SwitchPortId(vpc, subnet))
        ?? (_missingSwitches.Contains(subnet) ? new(Reasons.NotProgrammed, $"Subnet \"{subnet}\" has no switch yet") : null);

    /// <summary>All obstacles but those of the switches of <paramref name="ignored"/> subnets, in a stable order.</summary>
    public IEnumerable<Refusal> All(IEnumerable<string> ignored) =>
        _rows.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => row.Value)
            .Concat(_missingSwitches.Except(ignored, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(subnet => new Refusal(Reasons.NotProgrammed, $"Subnet \"{subnet}\" has no switch yet")));
}
