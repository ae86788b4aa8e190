namespace Sluice.Ovn;

/// <summary>
/// The identity of a row that we own: it survives changes of every column and is what a plan and the database are compared by.
/// </summary>
/// <param name="Owner">The key whose plan contains the row.</param>
/// <param name="Name">Unique within the owner, stable and readable: <c>nat/OvnFip/eip-static/v4</c>, <c>lrp/vpc1-external204</c>.</param>
public readonly record struct RowId(OwnerKey Owner, string Name)
{
    public override string ToString() => $"{Owner}:{Name}";
}
