using System.Globalization;
using System.Text;
using Sluice.Ovn;
using Sluice.Ovsdb;
using RowChange = Sluice.Ovsdb.RowChange;

namespace Sluice.Bench.Micro;

/// <summary>Updates of a northbound database as a server sends them.</summary>
internal static class Updates
{
    private static readonly DatabaseSchema Schema = SchemaReader.Read(File.ReadAllBytes("/usr/share/ovn/ovn-nb.ovsschema"));

    /// <summary>A replica of what we monitor, without rows.</summary>
    public static ReplicaSnapshot Empty { get; } = ReplicaSnapshot.Empty(
        NorthboundModel.Monitor.Where(table => Schema.Table(table.Key) is not null).Select(table => Schema.Table(table.Key)!.Only(table.Value!)),
        NorthboundModel.Indexes);

    /// <summary>NAT rows that come, as the value that an update notification carries.</summary>
    public static byte[] Inserts(int rows)
    {
        var json = new StringBuilder("""{"NAT":{""");
        for (var number = 0; number < rows; number++)
        {
            var (external, logical) = RawRows.Addresses(number);
            json.Append(CultureInfo.InvariantCulture,
                $$$"""{{{(number == 0 ? "" : ",")}}}"{{{Uuid(number)}}}":{"insert":{"external_ids":["map",[["sluice-owner","Vpc/bench"],["sluice-row","nat/OvnFip/fip-{{{number}}}/v4"],["vendor","kube-ovn"]]],"external_ip":"{{{external}}}","logical_ip":"{{{logical}}}","type":"dnat_and_snat"}}""");
        }
        return Encoding.UTF8.GetBytes(json.Append("}}").ToString());
    }

    /// <summary>One of these rows changes.</summary>
    public static byte[] Change(int number) => Encoding.UTF8.GetBytes(
        $$$$$"""{"NAT":{"{{{{{Uuid(number)}}}}}":{"modify":{"logical_ip":"10.250.0.1"}}}}""");

    public static List<RowChange> Read(byte[] update, ReplicaSnapshot current)
    {
        var reader = Envelope.At(update);
        return new UpdateReader(new ValueReader()).Read(ref reader, current);
    }

    // Spread, as the server's are.
    private static Guid Uuid(int number)
    {
        var mixed = (ulong)(number + 1) * 0x9E3779B97F4A7C15;
        return new(unchecked((uint)mixed), (ushort)(mixed >> 32), (ushort)(mixed >> 48), 1, 2, 3, 4, 5, 6, 7, 8);
    }
}
