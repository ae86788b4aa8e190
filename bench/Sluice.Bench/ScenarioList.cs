using Sluice.Bench.Scenarios;

namespace Sluice.Bench;

/// <summary>All scenarios, in the order in which they run and are reported.</summary>
internal static class ScenarioList
{
    public static IReadOnlyList<IScenario> All { get; } =
    [
        new NatCommit(),
        new PeerInserts(),
        new RuleLatency(),
        new OneChange(),
        new ReplicaLoad(),
        new ManyAddresses(),
        new ManyVpcs(),
        new AtRest(),
        new PodAttachment(),
        new PoolAllocation(),
    ];
}
