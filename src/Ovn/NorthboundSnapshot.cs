using System.Collections.Concurrent;
using Sluice.Ovn.Model;
using Sluice.Ovn.Northbound;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>The northbound database at one moment: what plans read and what <see cref="RowDiff"/> compares with. Immutable.</summary>
public sealed class NorthboundSnapshot : ModelSnapshot
{
    private readonly ConcurrentDictionary<BoundTable, bool> _heldOnce = new();

    internal NorthboundSnapshot(ReplicaSnapshot replica, SchemaBinding binding)
        : base(replica, binding)
    {
    }

    /// <summary>A view of a replica that was monitored as <see cref="NorthboundModel"/> says.</summary>
    public static NorthboundSnapshot Of(ReplicaSnapshot replica) => new(replica, SchemaBinding.Of(NorthboundTables.All, replica));

    /// <summary>All rows of a table.</summary>
    public IEnumerable<StoredRow<T>> All<T>()
        where T : OvnRow, INorthboundRow => ReadAll<T>();

    /// <summary>The row with this natural key of one column, which is the name wherever there is one; null when there is none.</summary>
    public StoredRow<T>? ByName<T>(string name)
        where T : OvnRow, INorthboundRow => ReadByName<T>(name);

    public StoredRow<T>? Find<T>(Guid uuid)
        where T : OvnRow, INorthboundRow => ReadOne<T>(uuid);

    /// <summary>The rows of <paramref name="owner"/> in one table.</summary>
    public IEnumerable<StoredRow<T>> Owned<T>(OwnerKey owner)
        where T : OvnRow, INorthboundRow
    {
        var table = Binding[T.Model.Name];
        return OwnedRows(table, owner.ToString()).Select(row => Read<T>(table, row));
    }

    /// <summary>The rows of <paramref name="owner"/> in all tables.</summary>
    public IEnumerable<StoredRef> RowsOf(OwnerKey owner)
    {
        var text = owner.ToString();
        return Binding.Tables.SelectMany(table => OwnedRows(table, text).Select(row => new StoredRef(table.Name, row.Uuid)));
    }

    /// <summary>What tells a row from others of its table, for people: its natural key, or its UUID.</summary>
    public string Describe(StoredRef row)
    {
        var table = Binding[row.Table];
        return Find(row.Table, row.Uuid) is { } stored && KeyText.Of(table.Model, stored) is { } key ? KeyText.Display(key) : $"{row.Uuid}";
    }

    /// <summary>Whether <paramref name="owner"/> has a row in any table.</summary>
    public bool Owns(OwnerKey owner)
    {
        var text = owner.ToString();
        return Binding.Tables.Any(table => CountOwned(table, text) > 0);
    }

    /// <summary>Everyone who owns a row: what garbage is found by. Reads the whole database.</summary>
    public IReadOnlySet<OwnerKey> Owners()
    {
        var owners = new HashSet<OwnerKey>();
        foreach (var table in Binding.Tables)
        {
            foreach (var row in Rows(table)?.Rows ?? [])
            {
                if (table.OwnerOf(row) is { } owner)
                    owners.Add(owner);
            }
        }
        return owners;
    }

    /// <param name="owner">The text of an <see cref="OwnerKey"/>.</param>
    internal IReadOnlyList<Row> OwnedRows(BoundTable table, string owner) =>
        table.ExternalIds >= 0 ? Replica[table.Name].Lookup(ReplicaLayout.Owner, owner) : [];

    internal int CountOwned(BoundTable table, string owner) =>
        table.ExternalIds >= 0 ? Replica[table.Name].CountOf(ReplicaLayout.Owner, owner) : 0;

    /// <summary>
    /// Whether each row of a table that is no root is in exactly one of the sets that keep rows alive: none is in two when there are as
    /// many members as rows.
    /// </summary>
    internal bool IsEachHeldOnce(BoundTable table) => _heldOnce.GetOrAdd(
        table,
        static (table, nb) =>
        {
            var members = 0;
            foreach (var set in nb.Binding.ParentsOf(table.Name))
            {
                if (!set.Column.Model.Weak)
                {
                    foreach (var parent in nb.Rows(set.Table)!.Rows)
                        members += set.Column.In(parent).Count;
                }
            }
            return members == nb.Rows(table)?.Count;
        },
        this);

    /// <summary>The rows of an owner that it knows by this <see cref="RowId.Name"/>; several when somebody copied one by hand.</summary>
    /// <param name="owner">The text of an <see cref="OwnerKey"/>.</param>
    internal IEnumerable<Row> Named(BoundTable table, string owner, string name) =>
        table.ExternalIds >= 0
            ? Replica[table.Name].Lookup(ReplicaLayout.Name, name).Where(row => row[table.ExternalIds].Get(OwnerIds.Owner) == owner)
            : [];

    internal Row? FindOwned(string table, RowId id) => Named(Binding[table], id.Owner.ToString(), id.Name).FirstOrDefault();
}
