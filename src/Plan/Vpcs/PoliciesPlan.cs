using System.Collections.Immutable;
using System.Globalization;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;
using Actions = Sluice.Ovn.Northbound.LogicalRouterPolicy.ActionValue;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The routing policies of a VPC's router: those of spec.policyRoutes, and in the default VPC that its subnets reach each other and that
/// what rules translate passes the gateway.
/// </summary>
internal static class PoliciesPlan
{
    /// <summary>Above the policies that send packets from and to nodes elsewhere, which the plans of nodes and subnets write.</summary>
    private const int SubnetPriority = 31000;

    private const int MaxPriority = 32767;

    /// <summary>Adds the policies; tells of each entry of the spec that can not be one.</summary>
    /// <param name="returns">See <see cref="DefaultVpcReturns"/>.</param>
    /// <param name="unreachable">Is told of entries that lead nowhere for now; their rows are added all the same.</param>
    public static void AddRows(
        VpcRows rows,
        VpcInput input,
        ImmutableArray<Subnet> attached,
        IEnumerable<LogicalRouterPolicy> returns,
        RouterNetworks networks,
        ICollection<Refusal> refusals,
        ICollection<Refusal> unreachable)
    {
        var seen = new HashSet<(int, string)>();
        foreach (var (field, policy) in Read(input.Vpc!.Spec, refusals))
        {
            foreach (var nextHop in policy.Nexthops) networks.Check($"{field}.nextHopIP", nextHop, unreachable);
            seen.Add(((int)policy.Priority, policy.Match));
            Add(rows, policy);
        }

        if (input.Name != input.Settings.DefaultVpc) return;
        foreach (var subnet in attached)
        {
            if (!DualStack<Cidr>.TryParse(subnet.Spec.CidrBlock, out var cidrs)) continue;
            if (cidrs.V4 is { } v4) AddAllow(rows, seen, subnet, $"ip4.dst == {v4}");
            if (cidrs.V6 is { } v6) AddAllow(rows, seen, subnet, $"ip6.dst == {v6}");
        }
        foreach (var policy in returns)
        {
            if (seen.Add(((int)policy.Priority, policy.Match))) Add(rows, policy);
        }
    }

    /// <summary>The entries of spec.policyRoutes, each with its place; tells of each that can not be a policy.</summary>
    public static List<(string Field, LogicalRouterPolicy Row)> Read(VpcSpec spec, ICollection<Refusal> refusals)
    {
        var rows = new List<(string, LogicalRouterPolicy)>();
        var seen = new HashSet<(int, string)>();
        var policies = spec.PolicyRoutes ?? [];
        for (var i = 0; i < policies.Count; i++)
        {
            var field = $"spec.policyRoutes[{i}]";
            if (Read(policies[i], field, out var row) is { } refusal) refusals.Add(refusal);
            else if (seen.Add(((int)row!.Priority, row.Match))) rows.Add((field, row));
            else refusals.Add(new(Reasons.InvalidSpec, $"{field}: an earlier entry has the same priority and match"));
        }
        return rows;
    }

    private static void AddAllow(VpcRows rows, HashSet<(int, string)> seen, Subnet subnet, string match)
    {
        if (!seen.Add((SubnetPriority, match))) return;
        Add(rows, new()
        {
            Priority = SubnetPriority,
            Match = match,
            Action = Actions.Allow,
            ExternalIds = StringMap.Of(("subnet", subnet.Metadata.Name)),
        });
    }

    private static void Add(VpcRows rows, LogicalRouterPolicy row) =>
        rows.AddToRouter(string.Create(CultureInfo.InvariantCulture, $"policy/{row.Priority}/{row.Match}"), row, "policies");

    private static Refusal? Read(PolicyRoute policy, string field, out LogicalRouterPolicy? row)
    {
        row = null;
        if (policy.Priority is not (>= 0 and <= MaxPriority))
        {
            var priority = policy.Priority?.ToString(CultureInfo.InvariantCulture);
            return new(Reasons.InvalidSpec, $"{field}.priority: \"{priority}\" is not 0 to {MaxPriority}");
        }
        if (string.IsNullOrWhiteSpace(policy.Match)) return new(Reasons.InvalidSpec, $"{field}.match: needed");
        if (policy.Action is not (Actions.Allow or Actions.Drop or Actions.Reroute))
        {
            return new(Reasons.InvalidSpec, $"{field}.action: \"{policy.Action}\" is not allow, drop or reroute");
        }

        var nextHops = new List<string>();
        if (policy.Action == Actions.Reroute)
        {
            foreach (var text in (policy.NextHopIP ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                if (!IpAddress.TryParse(text, out var nextHop))
                {
                    return new(Reasons.InvalidSpec, $"{field}.nextHopIP: \"{text}\" is not an address");
                }
                nextHops.Add(nextHop.ToString());
            }
        }
        row = new() { Priority = policy.Priority.Value, Match = policy.Match, Action = policy.Action, Nexthops = [.. nextHops] };
        return null;
    }
}
