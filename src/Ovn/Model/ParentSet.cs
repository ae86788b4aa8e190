namespace Sluice.Ovn.Model;

/// <summary>A column of <paramref name="Table"/> that is a set of rows of another table.</summary>
internal readonly record struct ParentSet(BoundTable Table, BoundColumn<MembersColumn> Column);
