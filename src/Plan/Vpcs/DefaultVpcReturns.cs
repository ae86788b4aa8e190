using System.Collections.Immutable;
using System.Globalization;
using Sluice.Kube;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// Where packets of the default VPC go that rules translate. Other packets leave that VPC through the nodes, by policies that the plans of
/// its subnets write; those of translated addresses must pass the port where they are translated.
/// </summary>
internal sealed class DefaultVpcReturns
{
    /// <summary>
    /// Of a single address; of a block as much less as its prefix is shorter, for of two rules that of the smaller source decides, in
    /// routing as in translation. Above the policies that lead out through nodes, below those that lead to addresses inside the VPC, of nodes
    /// and of what they answer.
    /// </summary>
    private const int Priority = 29250;

    private readonly SortedDictionary<string, (string Rule, string NextHop, int Priority)> _ways = new(StringComparer.Ordinal);
    private readonly ImmutableArray<ExternalConnection> _connections;

    private DefaultVpcReturns(ImmutableArray<ExternalConnection> connections) => _connections = connections;

    /// <summary>
    /// One policy for each internal address or CIDR of a rule, or of a pod with annotations, that is served. A DNAT rule translates but the
    /// connections that it lets in: what else its target sends leaves as if there were no rule.
    /// </summary>
    public static IEnumerable<LogicalRouterPolicy> For(RuleDecisions rules, PodNatPlan pods, ImmutableArray<ExternalConnection> connections)
    {
        var returns = new DefaultVpcReturns(connections);
        returns.Add(rules.Fips);
        returns.Add(rules.SnatRules);
        returns.Add(rules.DnatRules);
        foreach (var (translation, name) in pods.Served) returns.Add(translation, name);
        return returns._ways.Select(way => new LogicalRouterPolicy
        {
            Priority = way.Value.Priority,
            Match = way.Key,
            Action = LogicalRouterPolicy.ActionValue.Reroute,
            Nexthops = [way.Value.NextHop],
        });
    }

    private void Add<TRule>(ImmutableArray<RuleDecision<TRule>> rules)
        where TRule : KubeObject
    {
        foreach (var rule in rules)
        {
            if (rule.Translation is { } translation && !rule.Rows.IsEmpty) Add(translation, rule.Name);
        }
    }

    private void Add(Translation translation, string name)
    {
        var connection = _connections.First(connection => connection.Subnet == translation.ExternalSubnet);
        var replies = translation.Protocol is { } protocol
            ? string.Create(CultureInfo.InvariantCulture, $" && {protocol}.src == {translation.InternalPort}")
            : "";
        Add("ip4.src", translation.V4, replies, connection.V4Gateway, name);
        Add("ip6.src", translation.V6, replies, connection.V6Gateway, name);
    }

    // Of rules with different ways for one address the first by name decides, whatever the order of the rules.
    private void Add(string field, string? address, string replies, string? gateway, string rule)
    {
        if (address is null || gateway is null) return;
        var match = $"{field} == {address}{replies}";
        // Replies return to the network that they were asked from.
        var priority = replies.Length > 0 ? Priority + 1 : PriorityOf(address);
        if (!_ways.TryGetValue(match, out var way) || string.CompareOrdinal(rule, way.Rule) < 0) _ways[match] = (rule, gateway, priority);
    }

    private static int PriorityOf(string source) => Cidr.TryParse(source, out var cidr) ? Priority - (cidr.Family.Bits() - cidr.PrefixLength) : Priority;
}
