using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab.Processes;

namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>
/// The whole northbound database and all objects, one row or object in a line, without what differs from one run to the next: uuids, times,
/// versions, hardware addresses, which are drawn at random, and addresses of nodes in the join subnet, which they get in the order in which
/// they are seen.
/// </summary>
internal static partial class Picture
{
    private static readonly string[] Volatile =
        ["uid", "resourceVersion", "generation", "observedGeneration", "creationTimestamp", "managedFields", "lastTransitionTime", "lastUpdateTime", "lastHeartbeatTime"];

    public static async Task<IReadOnlyList<string>> TakeAsync(World world)
    {
        var lines = new List<string>();
        lines.AddRange(await RowsAsync(world.NorthboundServer.ToString()));
        await AddAsync(CoreResources.Pods);
        await AddAsync(CoreResources.Nodes);
        await AddAsync(SluiceResources.ProviderNetworks);
        await AddAsync(SluiceResources.Vlans);
        await AddAsync(SluiceResources.Subnets);
        await AddAsync(SluiceResources.Vpcs);
        await AddAsync(SluiceResources.Ips);
        await AddAsync(SluiceResources.Vips);
        await AddAsync(SluiceResources.OvnEips);
        await AddAsync(SluiceResources.OvnFips);
        await AddAsync(SluiceResources.OvnSnatRules);
        await AddAsync(SluiceResources.OvnDnatRules);
        return lines;

        async Task AddAsync<T>(ResourceType<T> type)
            where T : KubeObject
        {
            foreach (var item in (await world.Kube.ListAsync(type)).Items)
            {
                var json = JsonSerializer.SerializeToNode(item, type.Json)!;
                Strip(json);
                lines.Add(Mask($"{type.Plural} {item.Metadata.Name}: {json.ToJsonString()}"));
            }
        }
    }

    private static async Task<IEnumerable<string>> RowsAsync(string server)
    {
        var dump = await new Command("ovsdb-client", ["--format=json", "dump", server, "OVN_Northbound"]).RunAsync();
        var rows = new List<(string Table, string Uuid, SortedDictionary<string, string> Columns)>();
        foreach (var line in dump.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var table = JsonDocument.Parse(line);
            var caption = table.RootElement.GetProperty("caption").GetString()!.Split(' ')[0];
            if (caption is "NB_Global" or "Connection" or "SSL")
                continue;
            var headings = table.RootElement.GetProperty("headings").EnumerateArray().Select(heading => heading.GetString()!).ToArray();
            foreach (var row in table.RootElement.GetProperty("data").EnumerateArray())
            {
                var columns = new SortedDictionary<string, string>(StringComparer.Ordinal);
                foreach (var (heading, value) in headings.Zip(row.EnumerateArray()))
                    columns.Add(heading, value.GetRawText());
                columns.Remove("_uuid", out var uuid);
                columns.Remove("_version");
                rows.Add((caption, Uuid().Match(uuid!).Value, columns));
            }
        }

        // What a row is called by, whoever refers to it.
        var names = rows.ToDictionary(row => row.Uuid, row => $"{row.Table} {row.Columns.GetValueOrDefault("name")} {row.Columns.GetValueOrDefault("external_ids")}");
        return rows
            .Select(row => $"{row.Table}: " + string.Join(", ", row.Columns.Select(column => $"{column.Key}={Named(column.Value)}")))
            .Select(Mask)
            .Order(StringComparer.Ordinal);

        // A set of references has no order but that of the names.
        string Named(string value)
        {
            var references = Uuid().Matches(value).Where(match => names.ContainsKey(match.Value)).ToArray();
            return references.Length == 0 ? value : "{" + string.Join("; ", references.Select(match => names[match.Value]).Order(StringComparer.Ordinal)) + "}";
        }
    }

    private static string Mask(string line) => JoinAddresses().Replace(HardwareAddress().Replace(line, "MAC"), "JOIN");

    private static void Strip(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var name in Volatile)
                    members.Remove(name);
                if (members.ContainsKey("deletionTimestamp"))
                    members["deletionTimestamp"] = "set";
                foreach (var (_, member) in members)
                    Strip(member);
                break;
            case JsonArray items:
                foreach (var item in items)
                    Strip(item);
                break;
        }
    }

    [GeneratedRegex("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")]
    private static partial Regex HardwareAddress();

    [GeneratedRegex(@"100\.64(\.[0-9]+){2}([-,]100\.64(\.[0-9]+){2})*")]
    private static partial Regex JoinAddresses();

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Uuid();
}
