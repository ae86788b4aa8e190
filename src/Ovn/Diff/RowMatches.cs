using Sluice.Ovn.Model;
using Sluice.Ovsdb;

namespace Sluice.Ovn.Diff;

/// <summary>Which desired row is which database row.</summary>
/// <param name="desired">How many rows are desired.</param>
internal sealed class RowMatches(int desired)
{
    private readonly Dictionary<string, PlannedRow> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, PlannedRow> _byUuid = [];
    private readonly Dictionary<Guid, SurplusRow> _surplus = [];

    /// <summary>Desired rows whose database row has the right content, as was found out before.</summary>
    public List<DesiredRow> Settled { get; } = new(desired);

    /// <summary>Desired rows that need a closer look.</summary>
    public List<PlannedRow> Planned { get; } = [];

    /// <summary>Database rows of the owner that the plan does not want.</summary>
    public IReadOnlyCollection<SurplusRow> Surplus => _surplus.Values;

    /// <exception cref="ArgumentException">Another desired row has the same name.</exception>
    public PlannedRow Plan(DesiredRow desired, BoundTable table)
    {
        var row = new PlannedRow(desired, table);
        if (!_byName.TryAdd(desired.Id.Name, row))
            throw new ArgumentException($"Two desired rows are called {desired.Id}.", nameof(desired));
        Planned.Add(row);
        return row;
    }

    public void Pair(PlannedRow planned, Row existing)
    {
        planned.Existing = existing;
        _byUuid.Add(existing.Uuid, planned);
        _surplus.Remove(existing.Uuid);
    }

    public void AddSurplus(BoundTable table, Row row) => _surplus.Add(row.Uuid, new(table, row));

    public bool IsSurplus(Row row) => _surplus.ContainsKey(row.Uuid);

    public PlannedRow? Named(string table, string name) =>
        _byName.TryGetValue(name, out var row) && string.Equals(row.Table.Name, table, StringComparison.Ordinal) ? row : null;

    public PlannedRow? For(Row existing) => _byUuid.GetValueOrDefault(existing.Uuid);

    /// <summary>The row of this plan that has, or is about to get, this natural key.</summary>
    public PlannedRow? WithKey(string table, string key) =>
        Planned.Find(row =>
            row.Held is not true
            && string.Equals(row.Table.Name, table, StringComparison.Ordinal)
            && string.Equals(KeyText.Of(row.Desired.Row), key, StringComparison.Ordinal));
}
