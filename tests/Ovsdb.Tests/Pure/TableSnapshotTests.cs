using FsCheck.Xunit;

namespace Sluice.Ovsdb.Tests.Pure;

public sealed class TableSnapshotTests
{
    private static readonly TableSchema Table = new("T", [new("name", new(AtomKind.String))]);

    [Property(MaxTest = 50)]
    public bool Any_changes_leave_what_a_dictionary_would_hold_and_older_snapshots_as_they_were(int[] toggles)
    {
        var rows = Enumerable.Range(0, 400).Select(number => new Row(Table, Guid.NewGuid(), [Value.Of(number % 3 == 0 ? "shared" : $"n{number % 100}")])).ToArray();
        var expected = new HashSet<Row>();
        var snapshot = TableSnapshot.Empty(Table, [new("T", "name", row => row["name"].AsString())]);
        foreach (var batch in toggles.Select(toggle => rows[Math.Abs((long)toggle) % rows.Length]).Concat(rows).Chunk(7))
        {
            var before = (Snapshot: snapshot, Rows: expected.ToHashSet());
            snapshot = snapshot.With([.. batch.Distinct().Select(row => expected.Remove(row)
                ? new RowChange("T", row, null)
                : Add(expected, row))]);
            if (!before.Rows.SetEquals(before.Snapshot.Rows))
                return false;
        }

        return snapshot.Count == expected.Count
            && expected.SetEquals(snapshot.Rows)
            && rows.All(row => (snapshot.Find(row.Uuid) == row) == expected.Contains(row))
            && expected.GroupBy(row => row["name"].AsString()).All(group => group.ToHashSet().SetEquals(snapshot.Lookup("name", group.Key)))
            && expected.GroupBy(row => row["name"].AsString()).All(group => snapshot.CountOf("name", group.Key) == group.Count())
            && snapshot.Lookup("name", "nobody") is []
            && snapshot.CountOf("name", "nobody") == 0;
    }

    private static RowChange Add(HashSet<Row> rows, Row row)
    {
        rows.Add(row);
        return new("T", null, row);
    }
}
