using System.Collections.Immutable;
using Sluice.Ovn;

namespace Sluice.Plan.Subnets;

/// <summary>Collects the rows of one subnet.</summary>
internal sealed class SubnetRows(string subnet)
{
    private readonly ImmutableArray<DesiredRow>.Builder _rows = ImmutableArray.CreateBuilder<DesiredRow>();
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public OwnerKey Owner { get; } = OwnerOf(subnet);

    public static OwnerKey OwnerOf(string subnet) => new("Subnet", subnet);

    /// <summary>The row with the switch of the subnet.</summary>
    public RowRef Switch => RowRef.To(new RowId(Owner, "switch"));

    /// <summary>Adds a row; one of the same name that is there already stays.</summary>
    public void Add(string name, OvnRow row, params ImmutableArray<Attachment> attachments)
    {
        if (_names.Add(name)) _rows.Add(new(new(Owner, name), row, attachments));
    }

    /// <summary>Adds a row to a set of the switch.</summary>
    public void AddToSwitch(string name, OvnRow row, string column) => Add(name, row, new Attachment("Logical_Switch", Switch, column));

    /// <summary>Adds a row to a set of the router of a VPC.</summary>
    public void AddToRouter(string name, string vpc, OvnRow row, string column) =>
        Add(name, row, new Attachment("Logical_Router", RowRef.Named("Logical_Router", vpc), column));

    public ImmutableArray<DesiredRow> ToImmutable() => _rows.DrainToImmutable();
}
