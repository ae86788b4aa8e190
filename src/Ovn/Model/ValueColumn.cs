using Sluice.Ovsdb;

namespace Sluice.Ovn.Model;

/// <summary>A column of values that are not references.</summary>
internal sealed class ValueColumn<T>(string name, Codec<T> codec, Func<OvnRow, T> get) : WrittenColumn(name)
{
    public override bool IsAbsent(OvnRow row) => codec.IsAbsent(get(row));

    public override bool Matches(OvnRow row, Value column) => codec.Matches(get(row), column);

    public override Value Encode(OvnRow row) => codec.Encode(get(row));
}
