namespace Sluice.Ovn.Model;

/// <summary>A column that OVN writes: never compared, never written.</summary>
internal sealed class ReadOnlyColumn(string name) : ColumnModel(name);
