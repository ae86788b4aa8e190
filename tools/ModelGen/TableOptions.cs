using System.Collections.Immutable;

namespace Sluice.ModelGen;

/// <summary>What a schema does not say about a table that we model.</summary>
internal sealed record TableOptions
{
    /// <summary>The record's name, when the table's would be ambiguous.</summary>
    public string? ClassName { get; init; }

    /// <summary>Columns that nothing of ours reads or writes: they are neither monitored nor compared.</summary>
    public ImmutableArray<string> Ignored { get; init; } = [];

    /// <summary>Columns that ovn-northd or ovn-controller write: they are read, never compared or written.</summary>
    public ImmutableArray<string> ReadOnly { get; init; } = [];

    /// <summary>Sets of references whose members attach themselves.</summary>
    public ImmutableArray<string> Sets { get; init; } = [];

    /// <summary>Maps that we share with others, with the keys that are ours to remove.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Shared { get; init; } =
        ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>
    /// What makes two rows mean the same thing: columns, or <c>external_ids:key</c>. Rows of earlier systems are recognised by it. Nothing
    /// when there is no such key.
    /// </summary>
    public ImmutableArray<string> Key { get; init; } = [];

    /// <summary>Whether rows with the same key may exist under different parents.</summary>
    public bool KeyWithinParent { get; init; }
}
