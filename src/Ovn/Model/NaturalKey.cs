using System.Collections.Immutable;

namespace Sluice.Ovn.Model;

/// <summary>
/// What makes two rows of a table mean the same thing, so that a row of an earlier system is recognised as the one that a plan wants.
/// </summary>
/// <param name="Columns">Columns, or <c>external_ids:key</c>.</param>
/// <param name="WithinParent">Whether rows with the same key may exist under different parents.</param>
internal sealed record NaturalKey(ImmutableArray<string> Columns, bool WithinParent = false);
