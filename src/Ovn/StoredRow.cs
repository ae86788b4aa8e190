namespace Sluice.Ovn;

/// <summary>A row as the database has it.</summary>
/// <param name="Uuid">The row's <c>_uuid</c>.</param>
/// <param name="Row">The content, read-only columns included.</param>
public readonly record struct StoredRow<T>(Guid Uuid, T Row)
    where T : OvnRow
{
    /// <summary>Whose row it is; null when it is not one of ours.</summary>
    public RowId? Id => OwnerIds.Parse(Row.ExternalIds);
}
