using System.Collections.Immutable;
using System.Text.Json;
using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab.Processes;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>What traffic rests on at one moment: every northbound row with its UUID, and the addresses of every object that has some.</summary>
internal sealed class Running
{
    private readonly ImmutableDictionary<string, Row> _rows;
    private readonly ImmutableDictionary<string, Holder> _holders;

    private Running(IEnumerable<Row> rows, IEnumerable<Holder> holders)
    {
        _rows = rows.ToImmutableDictionary(row => row.Uuid, StringComparer.Ordinal);
        _holders = holders.ToImmutableDictionary(holder => holder.Name, StringComparer.Ordinal);
    }

    public static async Task<Running> ReadAsync(World world)
    {
        var dump = await new Command("ovsdb-client", ["--format=json", "dump", world.NorthboundServer.ToString(), "OVN_Northbound"]).RunAsync();
        return new(dump.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(Rows), await HoldersAsync(world));
    }

    /// <summary>What is not as it was before, one in a line. What had nothing may get something.</summary>
    /// <param name="step">What happened in between; null when nothing did.</param>
    public IEnumerable<string> DifferencesFrom(Running before, IOperatorStep? step = null) =>
        DifferencesFrom(before, (step?.Named ?? []).ToHashSet(StringComparer.Ordinal), step?.Edited);

    /// <param name="named">These objects, and the rows that are theirs, may be anything.</param>
    /// <param name="edited">This one has to say that it is not what it is asked to be.</param>
    private IEnumerable<string> DifferencesFrom(Running before, IReadOnlySet<string> named, string? edited)
    {
        // Some rows are named after the address that a rule leads to.
        var addresses = before._holders.Values.Concat(_holders.Values).Where(holder => named.Contains(holder.ObjectName))
            .SelectMany(holder => holder.Addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.Ordinal);
        bool IsNamed(Row row) => row.Path.Any(named.Contains)
            || (row.Table == "Logical_Router_Policy" && row.Path.Any(part => addresses.Contains(part.Split(' ')[^1])));
        var exempt = before._rows.Values.Concat(_rows.Values).Where(IsNamed).Select(row => row.Uuid).ToHashSet(StringComparer.Ordinal);
        foreach (var (uuid, row) in before._rows)
        {
            if (exempt.Contains(uuid)) continue;
            if (!_rows.TryGetValue(uuid, out var now)) yield return $"gone: {row}";
            else if (now.Text != row.Text) yield return $"changed: {row}\n     to: {now}";
            else if (row.Refs.Except(exempt).Except(now.Refs).FirstOrDefault() is { } lost)
                yield return $"changed: {row} has lost {before._rows.GetValueOrDefault(lost)}";
        }
        // Who waited for something may have it now, but nobody who runs gets more.
        foreach (var (uuid, row) in _rows)
        {
            if (!exempt.Contains(uuid) && !before._rows.ContainsKey(uuid) && !row.Path.Any(Newcomers.IsOne)) yield return $"new: {row}";
        }
        foreach (var (name, holder) in before._holders)
        {
            if (named.Any(holder.IsOf) || !holder.HasAddresses) continue;
            if (!_holders.TryGetValue(name, out var now)) yield return $"gone: {holder}";
            else if (now.Addresses != holder.Addresses || (holder.IsReady && !now.IsReady && holder.ObjectName != edited))
                yield return $"changed: {holder}\n     to: {now}";
        }
    }

    /// <summary>The same for a story's end, when all is mended: rows of objects that were named may have other UUIDs.</summary>
    public IEnumerable<string> DifferencesAtTheEndFrom(Running before, IReadOnlySet<string> named)
    {
        foreach (var difference in DifferencesFrom(before, named, edited: null)) yield return difference;
        var (then, now) = (Named(before), Named(this));
        foreach (var row in then.Except(now)) yield return $"gone: {row}";
        foreach (var row in now.Except(then)) yield return $"new: {row}";
        foreach (var (name, holder) in before._holders)
        {
            if (named.Contains(holder.ObjectName) && _holders.GetValueOrDefault(name) != holder)
                yield return $"changed: {holder}\n     to: {_holders.GetValueOrDefault(name)}";
        }

        HashSet<string> Named(Running running) => [.. running._rows.Values.Where(row => row.Path.Any(named.Contains)).Select(row => row.ToString())];
    }

    private static IEnumerable<Row> Rows(string table)
    {
        using var document = JsonDocument.Parse(table);
        var name = document.RootElement.GetProperty("caption").GetString()!.Split(' ')[0];
        if (name is "NB_Global" or "Connection" or "SSL") yield break;

        var columns = document.RootElement.GetProperty("headings").EnumerateArray().Select(heading => heading.GetString()!).ToArray();
        foreach (var row in document.RootElement.GetProperty("data").EnumerateArray())
        {
            var (uuid, texts, refs, path) = ("", new List<string>(), new HashSet<string>(StringComparer.Ordinal), new List<string>());
            foreach (var (column, value) in columns.Zip(row.EnumerateArray()))
            {
                var uuids = Uuids(value).ToArray();
                if (column == "_uuid") uuid = uuids[0];
                else if (uuids.Length > 0) refs.UnionWith(uuids);
                else if (!IsEmpty(value)) texts.Add($"{column}={value.GetRawText()}");
                if (column != "external_ids" || value[0].GetString() != "map") continue;
                foreach (var pair in value[1].EnumerateArray())
                {
                    if (pair[0].GetString() is "sluice-owner" or "sluice-row") path.AddRange(pair[1].GetString()!.Split('/'));
                }
            }
            yield return new(name, uuid, string.Join(' ', texts), [.. refs], [.. path]);
        }
    }

    private static IEnumerable<string> Uuids(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2 || value[0].ValueKind != JsonValueKind.String) return [];
        return value[0].GetString() switch
        {
            "uuid" => [value[1].GetString()!],
            "set" => value[1].EnumerateArray().SelectMany(Uuids),
            _ => [],
        };
    }

    private static bool IsEmpty(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[1].ValueKind == JsonValueKind.Array && value[1].GetArrayLength() == 0;

    private static async Task<IEnumerable<Holder>> HoldersAsync(World world)
    {
        var kube = world.Kube;
        return
        [
            .. (await kube.ListAsync(SluiceResources.OvnEips)).Items.Select(eip => Of(
                nameof(OvnEip), eip, eip.Status?.Ready, eip.Status?.V4Ip, eip.Status?.V6Ip, eip.Status?.MacAddress)),
            .. (await kube.ListAsync(SluiceResources.Vips)).Items.Select(vip => Of(
                nameof(Vip), vip, vip.Status?.Mac is { Length: > 0 }, vip.Status?.V4ip, vip.Status?.V6ip, vip.Status?.Mac)),
            .. (await kube.ListAsync(SluiceResources.Ips)).Items.Select(ip => Of(
                "IP", ip, ip.Spec.MacAddress is { Length: > 0 }, ip.Spec.V4IpAddress, ip.Spec.V6IpAddress, ip.Spec.MacAddress)),
            .. (await kube.ListAsync(CoreResources.Pods)).Items.Select(pod => Of(
                nameof(Pod), pod, pod.Metadata.Annotation("ovn.kubernetes.io/allocated") == "true",
                pod.Metadata.Annotation("ovn.kubernetes.io/ip_address"), pod.Metadata.Annotation("ovn.kubernetes.io/mac_address"), pod.Metadata.Annotation("ovn.kubernetes.io/gateway"))),
            .. (await kube.ListAsync(SluiceResources.OvnFips)).Items.Select(rule => Of(
                nameof(OvnFip), rule, rule.Status?.Ready, rule.Status?.V4Eip, rule.Status?.V4Ip, rule.Status?.V6Eip, rule.Status?.V6Ip)),
            .. (await kube.ListAsync(SluiceResources.OvnSnatRules)).Items.Select(rule => Of(
                nameof(OvnSnatRule), rule, rule.Status?.Ready, rule.Status?.V4Eip, rule.Status?.V4IpCidr, rule.Status?.V6Eip, rule.Status?.V6IpCidr)),
            .. (await kube.ListAsync(SluiceResources.OvnDnatRules)).Items.Select(rule => Of(
                nameof(OvnDnatRule), rule, rule.Status?.Ready, rule.Status?.V4Eip, rule.Status?.V4Ip, rule.Status?.V6Eip, rule.Status?.V6Ip)),
        ];

        static Holder Of(string kind, KubeObject item, bool? isReady, params string?[] addresses) =>
            new($"{kind}/{item.Key}", item.Metadata.Name, isReady == true, string.Join(' ', addresses));
    }

    /// <param name="Text">All columns but the references to other rows.</param>
    /// <param name="Refs">UUIDs of the rows that it refers to.</param>
    /// <param name="Path">The parts of the owner and of the row's name.</param>
    private sealed record Row(string Table, string Uuid, string Text, ImmutableArray<string> Refs, ImmutableArray<string> Path)
    {
        public override string ToString() => $"{Table} {Text}";
    }

    private sealed record Holder(string Name, string ObjectName, bool IsReady, string Addresses)
    {
        public bool HasAddresses => !string.IsNullOrWhiteSpace(Addresses);

        /// <summary>Whether it is an object, or was made for it: the OvnEip of a VPC, the IP of a node.</summary>
        public bool IsOf(string name) => ObjectName == name || ObjectName.StartsWith($"{name}-", StringComparison.Ordinal) || ObjectName == $"node-{name}";

        public override string ToString() => $"{Name} {(IsReady ? "ready" : "not ready")} {Addresses}";
    }
}
