using System.Globalization;
using System.Text;

namespace Sluice.Bench;

/// <summary>Transactions as bytes: the same rows that the scenarios commit through our own client.</summary>
internal static class RawRows
{
    public const string Router = "bench";

    /// <summary>Creates the router that the NAT rows go to.</summary>
    public static string CreateRouter(string name = Router) =>
        $$$"""{"method":"transact","id":"router","params":["OVN_Northbound",{"op":"insert","table":"Logical_Router","row":{"name":"{{{name}}}"}}]}""";

    /// <summary><paramref name="count"/> NAT rows of one router in transactions of <paramref name="batch"/> rows.</summary>
    public static IReadOnlyList<byte[]> NatBatches(int count, int batch, string router = Router)
    {
        var messages = new List<byte[]>();
        for (var first = 0; first < count; first += batch)
            messages.Add(NatBatch(first, Math.Min(batch, count - first), router));
        return messages;
    }

    /// <summary>Points one NAT row at another address.</summary>
    public static string ChangeNat(Guid row, int change) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"method":"transact","id":"change","params":["OVN_Northbound",{"op":"update","table":"NAT","where":[["_uuid","==",["uuid","{{{row}}}"]]],"row":{"logical_ip":"10.250.{{{(change >> 8) & 255}}}.{{{change & 255}}}"}}]}""");

    /// <summary>Creates the switch that ports go to.</summary>
    public static string CreateSwitch(string name) =>
        $$$"""{"method":"transact","id":"switch","params":["OVN_Northbound",{"op":"insert","table":"Logical_Switch","row":{"name":"{{{name}}}"}}]}""";

    /// <summary>Switch ports as pods have them, numbered from <paramref name="first"/>, in transactions of 1,000.</summary>
    public static IReadOnlyList<byte[]> PortBatches(int first, int count, string logicalSwitch)
    {
        var messages = new List<byte[]>();
        for (var batch = first; batch < first + count; batch += 1000)
            messages.Add(PortBatch(batch, Math.Min(1000, first + count - batch), logicalSwitch));
        return messages;
    }

    /// <summary>An external and a logical address for the NAT row with this number.</summary>
    public static (string External, string Logical) Addresses(int number) =>
        (string.Create(CultureInfo.InvariantCulture, $"172.{16 + (number >> 16)}.{(number >> 8) & 255}.{number & 255}"),
         string.Create(CultureInfo.InvariantCulture, $"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}"));

    private static byte[] NatBatch(int first, int count, string router)
    {
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $$"""{"method":"transact","id":{{first}},"params":["OVN_Northbound",""");
        for (var number = first; number < first + count; number++)
        {
            var (external, logical) = Addresses(number);
            json.Append(CultureInfo.InvariantCulture,
                $$$"""{"op":"insert","table":"NAT","uuid-name":"n{{{number}}}","row":{"type":"dnat_and_snat","external_ip":"{{{external}}}","logical_ip":"{{{logical}}}","external_ids":["map",[["vendor","kube-ovn"],["sluice-owner","Vpc/{{{router}}}"],["sluice-row","nat/OvnFip/fip-{{{number}}}/v4"]]]}},""");
        }

        json.Append(CultureInfo.InvariantCulture,
            $$"""{"op":"mutate","table":"Logical_Router","where":[["name","==","{{router}}"]],"mutations":[["nat","insert",["set",[""");
        for (var number = first; number < first + count; number++)
            json.Append(CultureInfo.InvariantCulture, $$"""{{(number == first ? "" : ",")}}["named-uuid","n{{number}}"]""");
        json.Append("]]]]}]}");
        return Encoding.UTF8.GetBytes(json.ToString());
    }

    private static byte[] PortBatch(int first, int count, string logicalSwitch)
    {
        var json = new StringBuilder();
        json.Append(CultureInfo.InvariantCulture, $$"""{"method":"transact","id":{{first}},"params":["OVN_Northbound",""");
        for (var number = first; number < first + count; number++)
        {
            var (_, address) = Addresses(number);
            json.Append(CultureInfo.InvariantCulture,
                $$$"""{"op":"insert","table":"Logical_Switch_Port","uuid-name":"p{{{number}}}","row":{"name":"pod-{{{number}}}.bench","addresses":"02:00:00:{{{number >> 16:x2}}}:{{{(number >> 8) & 255:x2}}}:{{{number & 255:x2}}} {{{address}}}","external_ids":["map",[["vendor","kube-ovn"],["sluice-owner","Port/bench/pod-{{{number}}}"],["sluice-row","lsp"],["ls","{{{logicalSwitch}}}"],["pod","bench/pod-{{{number}}}"]]]}},""");
        }

        json.Append(CultureInfo.InvariantCulture,
            $$"""{"op":"mutate","table":"Logical_Switch","where":[["name","==","{{logicalSwitch}}"]],"mutations":[["ports","insert",["set",[""");
        for (var number = first; number < first + count; number++)
            json.Append(CultureInfo.InvariantCulture, $$"""{{(number == first ? "" : ",")}}["named-uuid","p{{number}}"]""");
        json.Append("]]]]}]}");
        return Encoding.UTF8.GetBytes(json.ToString());
    }
}
