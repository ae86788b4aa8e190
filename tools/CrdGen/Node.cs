namespace Sluice.CrdGen;

/// <summary>A YAML mapping: strings, numbers, booleans, lists and mappings by name, written in the order of insertion.</summary>
public sealed class Node : OrderedDictionary<string, object>;
