using System.Collections.Immutable;
using Sluice.Controller.Tests.Support;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Stories.Operators;

/// <summary>A node with an address of somebody's network: one that joins, and one that gets another address.</summary>
internal static class NodeSlips
{
    public static ImmutableArray<Slip> All { get; } =
    [
        Joins("10.16.3.3"), Joins("100.64.0.77"), Joins("192.168.1.9"), Joins("10.5.204.111"), Joins("x"),
        Gets("10.16.3.3"), Gets("100.64.0.77"), Gets("192.168.2.9"),
    ];

    private static Slip Joins(string address) => new(
        "node joins", "nodes/new-node",
        new Create<Node>(CoreResources.Nodes, Objects.Node("new-node", address)),
        new Delete<Node>(CoreResources.Nodes, "new-node", IsInUse: false));

    private static Slip Gets(string address) => Slips.Edit(
        "node address", CoreResources.Nodes, LiveNetwork.Nodes.Named("n2"),
        $$"""{"addresses":[{"type":"InternalIP","address":"{{address}}"}]}""", part: "status", named: "n2");
}
