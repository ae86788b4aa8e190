using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Agent.Nodes;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Egress;

/// <summary>
/// The nftables rules by which pods of subnets with natOutgoing leave the cluster with the node's address. Packets come here when the
/// logical router has sent them to this node: for a distributed subnet those of the node's own pods, for a centralized one those of all.
/// </summary>
internal static class EgressRules
{
    /// <summary>The table; all of it is ours.</summary>
    public const string Table = "sluice";

    /// <summary>The script for nft(8) that puts the rules in place of the former ones, at once.</summary>
    /// <param name="subnets">The overlay's subnets of the default VPC, that of the node ports included.</param>
    /// <param name="others">What else is inside the cluster, so that pods keep their addresses there: its nodes and Services.</param>
    public static string For(IEnumerable<Subnet> subnets, IEnumerable<Cidr> others)
    {
        var all = subnets.OrderBy(subnet => subnet.Metadata.Name, StringComparer.Ordinal).ToList();
        var body = new StringBuilder();
        var inside = all.SelectMany(OverlaySubnets.Cidrs).Concat(others.OrderBy(cidr => cidr.ToString(), StringComparer.Ordinal)).Distinct().ToList();
        foreach (var family in (IpFamily[])[IpFamily.V4, IpFamily.V6])
            AppendSet(body, family, inside.Where(cidr => cidr.Family == family));
        body.Append("""
              chain postrouting {
                type nat hook postrouting priority srcnat; policy accept;
                ip daddr @cluster4 accept
                ip6 daddr @cluster6 accept

            """);
        foreach (var subnet in all.Where(subnet => subnet.Spec.NatOutgoing == true))
        {
            foreach (var cidr in OverlaySubnets.Cidrs(subnet))
                AppendSubnet(body, subnet, cidr);
        }
        body.Append("  }\n}\n");

        // To declare a table that exists changes nothing, so that it can be deleted in any case.
        return $"table inet {Table}\ndelete table inet {Table}\ntable inet {Table} {{\n  comment \"{Digest(body.ToString())}\"\n{body}";
    }

    /// <summary>The families in which pods leave by the node.</summary>
    public static IReadOnlySet<IpFamily> FamiliesOf(IEnumerable<Subnet> subnets) =>
        subnets.Where(subnet => subnet.Spec.NatOutgoing == true).SelectMany(OverlaySubnets.Cidrs).Select(cidr => cidr.Family).ToHashSet();

    /// <summary>What marks the rules in the kernel as these: how nft prints rules is its own business.</summary>
    private static string MarkOf(string script) => script.Split('\n').Single(line => line.StartsWith("  comment ", StringComparison.Ordinal)).Trim();

    /// <summary>Whether the table, as nft prints it, holds these rules: none of them was taken out by hand.</summary>
    public static bool AreIn(string table, string script) =>
        table.Contains(MarkOf(script), StringComparison.Ordinal) && CountRules(table) == CountRules(script);

    private static int CountRules(string text) => text.Split('\n').Count(line => line.TrimStart().StartsWith("ip", StringComparison.Ordinal));

    private static void AppendSet(StringBuilder body, IpFamily family, IEnumerable<Cidr> cidrs)
    {
        var (name, type) = family == IpFamily.V4 ? ("cluster4", "ipv4_addr") : ("cluster6", "ipv6_addr");
        body.Append(CultureInfo.InvariantCulture, $"  set {name} {{ type {type}; flags interval; auto-merge;");
        var elements = string.Join(", ", cidrs);
        if (elements.Length > 0)
            body.Append(CultureInfo.InvariantCulture, $" elements = {{ {elements} }};");
        body.Append(" }\n");
    }

    private static void AppendSubnet(StringBuilder body, Subnet subnet, Cidr cidr)
    {
        var protocol = cidr.Family == IpFamily.V4 ? "ip" : "ip6";
        foreach (var rule in subnet.Spec.NatOutgoingPolicyRules ?? [])
        {
            if (Match(protocol, "saddr", rule.Match?.SourceIPs, cidr.Family) is { } source && Match(protocol, "daddr", rule.Match?.DestinationIPs, cidr.Family) is { } destination)
                body.Append(CultureInfo.InvariantCulture, $"    {protocol} saddr {cidr}{source}{destination} {(rule.Action == "forward" ? "accept" : "masquerade")}\n");
        }
        body.Append(CultureInfo.InvariantCulture, $"    {protocol} saddr {cidr} masquerade\n");
    }

    /// <summary>A part of a rule: empty when the field is, null when it names nothing of the family.</summary>
    private static string? Match(string protocol, string field, string? text, IpFamily family)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "";
        var members = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(member => IpAddress.TryParse(member, out var address) ? Cidr.Of(address) : Cidr.TryParse(member, out var cidr) ? cidr : (Cidr?)null)
            .Where(member => member?.Family == family)
            .Select(member => member.ToString())
            .ToList();
        return members.Count == 0 ? null : $" {protocol} {field} {{ {string.Join(", ", members)} }}";
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
