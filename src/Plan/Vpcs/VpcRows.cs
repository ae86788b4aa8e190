using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>Collects the rows of one VPC. A row that equals one of the last plan is that instance, which is cheap to compare.</summary>
internal sealed class VpcRows
{
    private readonly ImmutableArray<DesiredRow>.Builder _rows = ImmutableArray.CreateBuilder<DesiredRow>();
    private readonly string _vpc;
    private readonly RowPool _pool;

    public VpcRows(string vpc, RowPool pool)
    {
        (_vpc, _pool) = (vpc, pool);
        pool.Begin();
    }

    public static OwnerKey OwnerOf(string vpc) => new("Vpc", vpc);

    /// <summary>The VPC's own Logical_Router row.</summary>
    public static RowRef Router(string vpc) => RowRef.To(new RowId(OwnerOf(vpc), "router"));

    /// <summary>The VPC's own Logical_Router_Port row in a subnet.</summary>
    public static RowRef RouterPort(string vpc, string subnet) => RowRef.To(new RowId(OwnerOf(vpc), RouterPortId(vpc, subnet)));

    /// <summary>The <see cref="RowId.Name"/> of the router's port in a subnet.</summary>
    public static string RouterPortId(string vpc, string subnet) => $"lrp/{Names.RouterPort(vpc, subnet)}";

    /// <summary>The <see cref="RowId.Name"/> of the peer of the router's port in a subnet.</summary>
    public static string SwitchPortId(string vpc, string subnet) => $"lsp/{Names.SwitchPort(subnet, vpc)}";

    public void Add(string name, OvnRow row, params ImmutableArray<Attachment> attachments) =>
        _rows.Add(_pool.Reuse(new(new(OwnerOf(_vpc), name), row, attachments)));

    /// <summary>Adds a row to a set of the VPC's router.</summary>
    public void AddToRouter(string name, OvnRow row, string column) =>
        Add(name, row, new Attachment("Logical_Router", Router(_vpc), column));

    public void AddRange(ImmutableArray<DesiredRow> rows) => _rows.AddRange(rows);

    public ImmutableArray<DesiredRow> ToImmutable() => _rows.DrainToImmutable();
}

/// <summary>The rows of the last plan of a VPC, apart from those of rules.</summary>
internal sealed class RowPool
{
    private Dictionary<string, DesiredRow> _last = new(StringComparer.Ordinal);
    private Dictionary<string, DesiredRow> _next = new(StringComparer.Ordinal);

    /// <summary>Begins a plan: what the last one did not have is forgotten.</summary>
    public void Begin()
    {
        (_last, _next) = (_next, _last);
        _next.Clear();
    }

    /// <summary>The instance that stands for <paramref name="row"/>.</summary>
    public DesiredRow Reuse(DesiredRow row)
    {
        if (_last.TryGetValue(row.Id.Name, out var known) && known.Equals(row)) row = known;
        _next[row.Id.Name] = row;
        return row;
    }
}
