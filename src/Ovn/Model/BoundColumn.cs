using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>A modelled column met with the server's schema.</summary>
/// <param name="Place">The column's number in replica rows; negative when the server lacks the column.</param>
/// <param name="Mutable">Whether the server lets the column of an existing row be changed: RFC 7047 section 3.2.</param>
internal readonly record struct BoundColumn<T>(T Model, int Place, bool Mutable)
    where T : ColumnModel
{
    public bool Exists => Place >= 0;

    public string Name => Model.Name;

    public Value In(Row row) => row[Place];
}
