namespace Sluice.Ovn;

/// <summary>Names a row of the database, of whatever table.</summary>
/// <param name="Table">As in the schema.</param>
public readonly record struct StoredRef(string Table, Guid Uuid)
{
    public static StoredRef To<T>(StoredRow<T> row)
        where T : OvnRow => new(row.Row.Table.Name, row.Uuid);
}
