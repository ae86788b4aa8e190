using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>Where a FIP is translated: on the node of its pod or on the active gateway node.</summary>
/// <param name="Distributed">On the node of the pod.</param>
/// <param name="Reason">One word for the condition.</param>
/// <param name="Message">For people.</param>
internal sealed record Placement(bool Distributed, string Reason, string Message)
{
    /// <summary>The condition of a FIP that says which way its packets go.</summary>
    public const string ConditionType = "Distributed";

    public static Placement OnPodNode { get; } = new(true, "PodPort", "translated on the node of the pod");

    public static Placement AsAsked { get; } = new(false, "Centralized", "spec.type is centralized");

    public static Placement AsConfigured { get; } =
        new(false, "Centralized", $"type is centralized in ConfigMap {ExternalGatewayConfig.Name}");

    public static Placement NobodysPort { get; } =
        new(false, "NoPodPort", "translated on the gateway node: the address is not that of one pod");

    public static Placement RouterAddress { get; } =
        new(false, "RouterAddress", "translated on the gateway node: the OvnEip is the router's own address");

    /// <summary>
    /// Packets of an address reach the one chassis that answers for it. A rule that shares the external or the internal address is worked
    /// off on the gateway node, so there the FIP must be too: otherwise requests miss the other rule, or replies take the FIP's way out.
    /// </summary>
    public static Placement Shared(string with) => new(false, "SharedAddress", $"translated on the gateway node: {with}");

    public Condition ToCondition(long generation) => new()
    {
        Type = ConditionType,
        Status = Distributed ? ConditionStatus.True : ConditionStatus.False,
        Reason = Reason,
        Message = Message,
        ObservedGeneration = generation,
    };
}
