using System.Collections.Immutable;
using Sluice.Ovsdb;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>
/// What to do next for a provider network. Carried out in the order of the properties. Some of it only becomes possible when
/// ovs-vswitchd has done its part; its interfaces coming or going makes a new plan.
/// </summary>
internal sealed record ProviderNetworkPlan
{
    /// <summary>Bridges to take the addresses from, and the NICs to give them back to.</summary>
    public ImmutableArray<LinkMove> GiveBack { get; init; } = [];

    /// <summary>To commit before anything is renamed.</summary>
    public ImmutableArray<Operation> Remember { get; init; } = [];

    public LinkRename? Rename { get; init; }

    public ImmutableArray<Operation> Operations { get; init; } = [];

    /// <summary>NICs that were down before they were put into a bridge.</summary>
    public ImmutableArray<string> SetDown { get; init; } = [];

    public ImmutableArray<string> SetUp { get; init; } = [];

    /// <summary>The NIC to take the addresses from, and the bridge to give them to.</summary>
    public LinkMove? Take { get; init; }

    /// <summary>What the node's labels shall say once all of the above is done.</summary>
    public required NodeReport Report { get; init; }

    /// <summary>Interfaces whose coming, going or changing makes a new plan.</summary>
    public ImmutableArray<string> Watched { get; init; } = [];

    /// <summary>Why the node can not take part; null when it can or shall not.</summary>
    public string? Error { get; init; }

    public bool IsEmpty => GiveBack.IsEmpty && Remember.IsEmpty && Rename is null && Operations.IsEmpty && SetDown.IsEmpty && SetUp.IsEmpty;

    /// <summary>Names of interfaces.</summary>
    internal sealed record LinkMove(string From, string To);

    /// <summary>Names of an interface, and what to commit when it has its new one; done already if there is none of the old name.</summary>
    internal sealed record LinkRename(string From, string To, ImmutableArray<Operation> Forget);

    /// <summary>Labels of the node for one provider network; null is no label.</summary>
    internal sealed record NodeReport(bool Ready = false, string? Interface = null, int? Mtu = null, bool Excluded = false);
}
