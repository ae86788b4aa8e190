using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>What a plan takes over from the last one.</summary>
public sealed class MemoryTests
{
    [Fact]
    public void An_unchanged_rule_has_the_same_rows_as_before()
    {
        var world = Worlds.OneVpc(fips: 3);
        var memory = new VpcPlanMemory();
        var before = VpcPlan.For(world.Input("vpc"), memory).Rows;
        var after = VpcPlan.For(world.Input("vpc"), memory).Rows;

        after.Length.ShouldBe(before.Length);
        for (var i = 0; i < after.Length; i++) after[i].ShouldBeSameAs(before[i]);
    }

    [Fact]
    public void A_changed_rule_takes_no_other_with_it()
    {
        var world = Worlds.OneVpc(fips: 3);
        var memory = new VpcPlanMemory();
        var before = Rows(VpcPlan.For(world.Input("vpc"), memory));

        var fip = world.Fips["fip-1"];
        world.Fips["fip-1"] = fip with { Spec = fip.Spec with { Type = GatewayTypes.Centralized } };
        var after = Rows(VpcPlan.For(world.Input("vpc"), memory));

        after.Where(row => !ReferenceEquals(row.Value, before[row.Key])).Select(row => row.Key).ShouldBe(["nat/OvnFip/fip-1/v4"]);
    }

    [Fact]
    public void What_is_none_of_a_rules_business_leaves_its_rows_alone()
    {
        var world = Worlds.OneVpc(fips: 3);
        var memory = new VpcPlanMemory();
        var before = VpcPlan.For(world.Input("vpc"), memory).Rows;

        foreach (var (name, subnet) in world.Subnets.ToList()) world.Subnets[name] = subnet with { Status = new() { V4UsingIPs = 7 } };
        foreach (var (name, eip) in world.Eips.ToList()) world.Eips[name] = eip with { Status = eip.Status! with { Nat = "fip" } };
        foreach (var (name, vpc) in world.Vpcs.ToList()) world.Vpcs[name] = vpc with { Metadata = vpc.Metadata with { ResourceVersion = "2" } };
        var after = VpcPlan.For(world.Input("vpc"), memory).Rows;

        after.Length.ShouldBe(before.Length);
        for (var i = 0; i < after.Length; i++) after[i].ShouldBeSameAs(before[i]);
    }

    [Fact]
    public void A_rule_that_left_and_came_back_is_not_taken_for_the_old_one()
    {
        var world = Worlds.OneVpc(fips: 2);
        var memory = new VpcPlanMemory();
        VpcPlan.For(world.Input("vpc"), memory);

        var fip = world.Fips["fip-1"];
        world.Fips.Remove("fip-1");
        Rows(VpcPlan.For(world.Input("vpc"), memory)).ShouldNotContainKey("nat/OvnFip/fip-1/v4");

        world.Fips["fip-1"] = fip with { Spec = fip.Spec with { IpName = null, Vpc = "vpc", V4Ip = "10.0.0.99" } };
        Rows(VpcPlan.For(world.Input("vpc"), memory)).ShouldContainKey("nat/OvnFip/fip-1/v4");
    }

    [Fact]
    public void A_rule_that_waited_for_a_new_OvnEip_is_told_when_that_gets_no_address()
    {
        var world = Worlds.OneVpc(fips: 1);
        var memory = new VpcPlanMemory();
        var name = world.Fips["fip-0"].Spec.OvnEip!;
        world.Eips[name] = world.Eips[name] with { Status = null };
        Told().ShouldBeEmpty();

        world.Eips[name] = world.Eips[name] with { Status = new() { Ready = false } };
        Told().ShouldHaveSingleItem().Desired.Status!.Conditions.Find(ConditionTypes.Ready)!.Reason.ShouldBe("EipNotReady");

        ImmutableArray<Change<OvnFip>> Told()
        {
            var plan = VpcPlan.For(world.Input("vpc"), memory);
            return plan.After(world.Differences(plan.Rows)).Fips;
        }
    }

    private static ImmutableSortedDictionary<string, DesiredRow> Rows(VpcPlan plan) =>
        plan.Rows.ToImmutableSortedDictionary(row => row.Id.Name, row => row);
}
