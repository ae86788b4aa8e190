using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Sluice.Ovn.Model;

/// <summary>
/// A map that others write too. The keys that a plan wants are set; of the other keys, only those that are known to be ours are removed.
/// </summary>
/// <param name="ours">The keys that we remove when no plan wants them.</param>
internal sealed class SharedMapColumn(string name, ImmutableArray<string> ours, Func<OvnRow, StringMap> get) : ColumnModel(name)
{
    private readonly FrozenSet<string> _ours = ours.ToFrozenSet(StringComparer.Ordinal);

    public static SharedMapColumn ExternalIds { get; } = new("external_ids", OwnerIds.Known, static row => row.ExternalIds);

    public bool IsOurs(string key) => _ours.Contains(key);

    public StringMap Get(OvnRow row) => get(row);
}
