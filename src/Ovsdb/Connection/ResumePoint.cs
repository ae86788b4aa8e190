namespace Sluice.Ovsdb;

/// <summary>
/// How far the replica has come, so that after a reconnect the server sends only what is new. Outlives connections.
/// </summary>
internal sealed class ResumePoint
{
    private IReadOnlyList<TableSchema> _tables = [];

    /// <summary>The server's id of the last transaction that the replica shows; null to load everything.</summary>
    public string? LastTransaction { get; private set; }

    public void Remember(string? last, IReadOnlyList<TableSchema> tables) => (LastTransaction, _tables) = (last, tables);

    public void Advance(string? last) => LastTransaction = last;

    public void Forget() => LastTransaction = null;

    /// <summary>Whether the replica holds these tables with these columns; an upgraded server may have others.</summary>
    public bool Fits(IReadOnlyList<TableSchema> tables) =>
        _tables.Count == tables.Count
        && _tables.Zip(tables).All(pair => pair.First.Name == pair.Second.Name && pair.First.Columns.SequenceEqual(pair.Second.Columns));
}
