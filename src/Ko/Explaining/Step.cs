namespace Sluice.Ko.Explaining;

/// <summary>One object on the way between a pod and the outside, and whether it does its part.</summary>
/// <param name="Layer">Where trouble with it comes from.</param>
/// <param name="Kind">Kind of the object, or table of the row.</param>
/// <param name="Summary">What it does, or what is wrong with it.</param>
public sealed record Step(Layer Layer, string Kind, string Name, StepState State, string Summary);

/// <summary>How a step fares.</summary>
public enum StepState
{
    Ok,

    /// <summary>Worth knowing; packets pass all the same.</summary>
    Warning,

    /// <summary>Packets do not pass because of it, or because of something below it.</summary>
    Broken,
}

/// <summary>
/// What rests on what, from the ground up: of several broken steps the lowest is the cause, because those above it can not work without it.
/// </summary>
public enum Layer
{
    ProviderNetwork,
    Vlan,
    ExternalSubnet,
    Eip,

    /// <summary>What the Vpc asks for.</summary>
    VpcSpec,
    GatewayNode,

    /// <summary>What the Vpc gets.</summary>
    Router,
    InnerSubnet,
    Pod,
    Address,
    Rule,
    Controller,
    Northbound,
    Southbound,
}
