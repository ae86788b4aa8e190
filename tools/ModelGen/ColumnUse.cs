namespace Sluice.ModelGen;

/// <summary>Who writes a column.</summary>
internal enum ColumnUse
{
    /// <summary>A plan: the value is compared and written as a whole.</summary>
    Written,

    /// <summary>A plan and others: a map that is compared and written key by key.</summary>
    Shared,

    /// <summary>OVN.</summary>
    ReadOnly,

    /// <summary>The members of the set, each for itself.</summary>
    Members,
}
