using Sluice.Ovn.Model;

namespace Sluice.Ovn;

/// <summary>A record that knows its table; every generated record does.</summary>
public interface ITableRow
{
    static abstract TableModel Model { get; }
}

/// <summary>A record of a northbound table.</summary>
public interface INorthboundRow : ITableRow;

/// <summary>A record of a southbound table.</summary>
public interface ISouthboundRow : ITableRow;
