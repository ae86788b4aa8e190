using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// What should exist of one VPC: the rows of its router with everything attached to it, and what its Vpc, its rules and the OvnEips of its
/// ports should say. All rules of a router are planned together, so that who wins a conflict is decided in one place and a move of an
/// address from one rule to another is one transaction.
/// </summary>
public sealed class VpcPlan
{
    /// <summary>How many entries that lead nowhere are named.</summary>
    private const int MaxNamed = 5;

    private readonly VpcStage _stage;
    private readonly VpcStatusPlan _status;
    private readonly RuleDecisions _rules;
    private readonly ImmutableArray<OvnEip> _surplusEips;

    private VpcPlan(VpcStage stage, VpcStatusPlan status, RuleDecisions rules, ImmutableArray<OvnEip> surplusEips) =>
        (_stage, _status, _rules, _surplusEips) = (stage, status, rules, surplusEips);

    /// <summary>The rows of the owner <c>Vpc/NAME</c>.</summary>
    public required ImmutableArray<DesiredRow> Rows { get; init; }

    /// <summary>
    /// What must be stored before rows are written: finalizers above all. Objects that still wait for theirs have no rows in this plan, so
    /// whoever stored them plans again.
    /// </summary>
    public required VpcChanges Before { get; init; }

    /// <summary>How the work on the VPC ends when nothing fails.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>What is wrong with the ConfigMap of the external gateway, as far as this VPC depends on it.</summary>
    public required ImmutableArray<Refusal> GatewayProblems { get; init; }

    /// <summary>What pods ask for by annotation and do not get.</summary>
    public required ImmutableArray<PodRefusal> PodRefusals { get; init; }

    /// <param name="memory">Of the plans of the same VPC; makes planning faster and has no influence on the result.</param>
    public static VpcPlan For(VpcInput input, VpcPlanMemory? memory = null)
    {
        memory ??= new();
        var contest = memory.Rules.Resolve(input);
        var referrers = Referrers(input, memory.Rules);
        var stage = VpcStages.Of(input.Vpc, referrers);

        var connections = stage == VpcStage.Gone ? [] : ExternalConnections.For(input);
        var problems = new List<Refusal>();
        if (connections.IsEmpty && input.Vpc?.Spec.EnableExternal == true) problems.Add(ExternalConnections.NowhereToGo);
        var attached = stage == VpcStage.Gone ? [] : RouterPlan.Attached(input, problems);
        var context = RuleContext.Of(input, stage, connections, attached);
        var rules = memory.Rules.Decide(context, contest);
        var pods = PodNatPlan.For(input, context, contest, connections, rules);

        var unreachable = new List<Refusal>();
        var rows = stage == VpcStage.Live ? RowsOf(input, attached, connections, rules, pods, memory, problems, unreachable) : [];
        problems.AddRange(connections.Select(connection => connection.Refusal ?? connection.Remark).OfType<Refusal>());
        problems.AddRange(unreachable.Take(MaxNamed));
        if (unreachable.Count > MaxNamed) problems.Add(new(Reasons.NextHopUnreachable, $"and {unreachable.Count - MaxNamed} entries more"));
        if (ExternalSubnets.IsConnectedByConfig(input.Name, input.Settings)) problems.AddRange(input.Settings.Gateway!.Problems.Except(problems));

        var edit = input.Vpc is { } vpc ? VpcEdit.Of(vpc, input.Settings, rules) : null;
        if (edit?.Refusal is { } refusal) problems.Insert(0, refusal with { Message = $"{refusal.Message}; the last valid spec stays in force" });
        var surplusEips = ExternalConnections.SurplusEips(input, connections);
        return new(stage, new(input, connections, referrers, problems, edit), rules, surplusEips)
        {
            Rows = rows,
            Before = new()
            {
                Vpc = stage == VpcStage.New ? new(input.Vpc!, input.Vpc! with { Metadata = input.Vpc.Metadata.WithFinalizer() }) : edit?.Acceptance(input.Vpc!),
                Fips = RuleDecisions.Before(rules.Fips),
                SnatRules = RuleDecisions.Before(rules.SnatRules),
                DnatRules = RuleDecisions.Before(rules.DnatRules),
                CreateEips = [.. connections.Select(connection => connection.NewEip).OfType<OvnEip>()],
                ChangeEips = [.. from connection in connections where connection.ChangedEip is not null select connection.ChangedEip!.Value],
            },
            GatewayProblems = [.. problems.Where(problem => problem.Reason == Reasons.InvalidGatewayConfig)],
            PodRefusals = stage == VpcStage.Live ? pods.Refusals : [],
            Outcome = problems is [var first, ..] ? new Outcome.Blocked(first.Reason, first.Message) : Outcome.Done,
        };
    }

    /// <summary>What is to be stored once the database is as the plan wants it, as far as it can be.</summary>
    /// <param name="changes">The difference that was committed; what it could not contain shows in statuses.</param>
    /// <param name="dataPlane">Asked how far chassis are; null when statuses do not tell.</param>
    public VpcChanges After(Changes changes, IDataPlane? dataPlane = null)
    {
        if (_stage == VpcStage.New) return VpcChanges.None;

        var obstacles = Obstacles.Of(changes);
        var awaited = new List<AwaitedRule>();
        return new()
        {
            Vpc = _status.Change(_stage, obstacles, released: _surplusEips.All(eip => eip.Metadata.IsDeleting)),
            Fips = RuleDecisions.After(_rules.Fips, obstacles, dataPlane, awaited),
            SnatRules = RuleDecisions.After(_rules.SnatRules, obstacles, dataPlane, awaited),
            DnatRules = RuleDecisions.After(_rules.DnatRules, obstacles, dataPlane, awaited),
            DeleteEips = [.. _surplusEips.Where(eip => !eip.Metadata.IsDeleting)],
            Awaited = [.. awaited],
        };
    }

    private static ImmutableArray<DesiredRow> RowsOf(
        VpcInput input,
        ImmutableArray<Subnet> attached,
        ImmutableArray<ExternalConnection> connections,
        RuleDecisions rules,
        PodNatPlan pods,
        VpcPlanMemory memory,
        List<Refusal> problems,
        List<Refusal> unreachable)
    {
        var rows = new VpcRows(input.Name, memory.Rows);
        var isConnected = input.Vpc!.Spec is { EnableExternal: true } or { VpcPeerings: { Count: > 0 } } || !connections.IsEmpty;
        RouterPlan.AddRouter(rows, input.Vpc, isConnected);
        foreach (var subnet in attached) RouterPlan.AddSubnetPort(rows, input, subnet);
        foreach (var connection in connections)
        {
            if (connection.Refusal is not null) continue;
            if (connection.IsBare) BareNetwork.AddRows(rows, input.Settings);
            connection.AddRows(rows, input.Name);
        }
        var gatewayRoutes = BfdPlan.AddSessions(rows, input, attached, connections, problems);
        var networks = RouterNetworks.Of(attached, connections);
        RoutesPlan.AddRows(rows, input, connections, gatewayRoutes, networks, problems, unreachable);
        var returns = input.Name == input.Settings.DefaultVpc ? DefaultVpcReturns.For(rules, pods, connections) : [];
        PoliciesPlan.AddRows(rows, input, attached, returns, networks, problems, unreachable);
        memory.Rules.AddRows(rows);
        rows.AddRange([.. pods.Rows]);
        return rows.ToImmutable();
    }

    /// <summary>What keeps a VPC from being deleted, as the text of a message.</summary>
    private static ImmutableArray<string> Referrers(VpcInput input, VpcRules rules)
    {
        if (input.Vpc?.Metadata.IsDeleting != true) return [];
        return
        [
            .. input.Subnets.Select(subnet => $"Subnet {subnet.Metadata.Name}")
                .Concat(rules.Referrers(input.Name))
                .Order(StringComparer.Ordinal),
        ];
    }
}
