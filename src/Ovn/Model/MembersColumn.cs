namespace Sluice.Ovn.Model;

/// <summary>A set of rows of <paramref name="childTable"/> that attach themselves, see <see cref="Attachment"/>.</summary>
/// <param name="weak">Whether a member may live without being in any such set: RFC 7047 section 3.2, "refType".</param>
internal sealed class MembersColumn(string name, string childTable, bool weak) : ColumnModel(name)
{
    public string ChildTable { get; } = childTable;

    public bool Weak { get; } = weak;
}
