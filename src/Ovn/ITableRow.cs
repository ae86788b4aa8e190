using Sluice.Ovn.Model;

namespace Sluice.Ovn;

/// <summary>A record that knows its table; every generated record does.</summary>
public interface ITableRow
{
    static abstract TableModel Model { get; }
}
