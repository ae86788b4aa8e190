using System.Collections.Immutable;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>The order in which chassis are asked to carry a router's port.</summary>
public sealed class GatewayChassisTests
{
    private const string Port = "vpc-external204";

    private readonly World _world = Worlds.OneVpc(fips: 1);

    public GatewayChassisTests()
    {
        foreach (var chassis in (string[])["a", "b", "c"]) Join(chassis);
        Run();
    }

    [Fact]
    public void Who_takes_over_comes_first_and_who_died_last()
    {
        var before = Order();
        before.Length.ShouldBe(3);

        Run(active: before[1]);
        Order().ShouldBe([before[1], before[2], before[0]]);

        Run(active: before[2]);
        Order().ShouldBe([before[2], before[0], before[1]]);
    }

    [Fact]
    public void Who_comes_back_gets_the_port_when_it_is_given_to_it()
    {
        var before = Order();
        Run(active: before[1]);
        Run(active: before[0]);
        Order().ShouldBe([before[0], before[1], before[2]]);
    }

    [Fact]
    public void Who_joins_is_a_standby_behind_those_that_live()
    {
        var before = Order();
        Run(active: before[1]);
        Join("d");
        Run(active: before[1]);
        Order()[0].ShouldBe(before[1]);
        Order().ToHashSet().ShouldBe([.. before, "d"], ignoreOrder: true);
        Array.IndexOf([.. Order()], "d").ShouldBeGreaterThan(Array.IndexOf([.. Order()], before[2]));
    }

    [Fact]
    public void When_the_carrier_is_no_gateway_any_more_the_next_in_line_is_the_first()
    {
        var before = Order();
        Run(active: before[1]);
        _world.Nodes.Remove(before[1]);
        Run(active: before[1]);
        Order().ShouldBe([before[2], before[0]]);
    }

    [Fact]
    public void An_order_at_rest_stays()
    {
        var active = Order()[2];
        Run(active);
        var order = Order();
        Run(active);
        Order().ShouldBe(order);
    }

    private void Join(string chassis) => _world.Add(Yaml.Documents(
        $$"""
        kind: Node
        metadata:
          name: {{chassis}}
          labels: {ovn.kubernetes.io/external-gw: "true"}
          annotations: { ovn.kubernetes.io/chassis: {{chassis}} }
        """).Single());

    private void Run(string? active = null)
    {
        if (active is not null) _world.ActiveChassis[Port] = active;
        _world.Settle();
    }

    private ImmutableArray<string> Order() =>
        [.. GatewayChassisPlan.Read(_world.Rows["vpc"].Select(row => row.Row).OfType<GatewayChassis>(), Port).Where(name => name.Length == 1)];
}
