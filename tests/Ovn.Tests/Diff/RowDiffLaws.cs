using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

/// <summary>What holds for every plan and every database.</summary>
[Properties(MaxTest = 100, Arbitrary = [typeof(RowDiffLaws)])]
public sealed class RowDiffLaws : DiffTest
{
    private static readonly string[] Ports = ["p1", "p2", "p3"];

    public sealed record RandomPlan(DesiredRow[] Rows);

    public static Arbitrary<RandomPlan> Plan() => Arb.From(
        from hasRouter2 in Gen.Elements(true, false)
        from rows in Gen.SubListOf<Func<Gen<DesiredRow>>>(
            [
                .. Ports.Select(port => (Func<Gen<DesiredRow>>)(() =>
                    from mac in Gen.Elements("0a:00:00:00:00:01", "0a:00:00:00:00:02")
                    from networks in Gen.SubListOf("10.0.0.1/24", "10.0.1.1/24", "fd00::1/64")
                    from router in Router(hasRouter2)
                    select Row(
                        $"lrp/{port}",
                        new LogicalRouterPort { Name = port, Mac = mac, Networks = StringSet.Of(["10.9.0.1/16", .. networks]) },
                        To("Logical_Router", router, "ports")))),
                .. Enumerable.Range(1, 6).Select(number => (Func<Gen<DesiredRow>>)(() =>
                    from external in Gen.Choose(1, 4)
                    from logical in Gen.Choose(1, 4)
                    from isSnat in Gen.Elements(true, false)
                    from stateless in Gen.Elements(true, false)
                    from router in Router(hasRouter2)
                    select Row(
                        $"nat/{number}",
                        new Nat
                        {
                            Type = isSnat ? "snat" : "dnat_and_snat",
                            ExternalIp = $"10.5.204.{external}",
                            LogicalIp = $"192.168.0.{logical}",
                            Options = stateless ? StringMap.Of(("stateless", "true")) : StringMap.Empty,
                        },
                        To("Logical_Router", router, "nat")))),
                .. Enumerable.Range(1, 3).Select(number => (Func<Gen<DesiredRow>>)(() =>
                    from vip in Gen.Elements("10.5.204.7:22", "10.5.204.8:22")
                    from attached in Gen.Elements(true, false)
                    from router in Router(hasRouter2)
                    select Row(
                        $"lb/{number}",
                        new LoadBalancer { Name = $"lb{number}", Protocol = "tcp", Vips = StringMap.Of((vip, "192.168.0.2:22")) },
                        attached ? [To("Logical_Router", router, "load_balancer")] : []))),
            ]).SelectMany(makers => Gen.CollectToArray(makers, make => make()))
        let routers = hasRouter2 ? [Plans.Router(), Row("router2", new LogicalRouter { Name = "vpc2" })] : new[] { Plans.Router() }
        select new RandomPlan([.. routers, .. rows]));

    [Property]
    public void Carrying_out_the_difference_leads_to_the_plan(RandomPlan from, RandomPlan to)
    {
        var before = With(from.Rows);

        var changes = Diff(to.Rows, before);
        var after = before.Apply(changes.Operations);

        after.Dump().ShouldBe(With(to.Rows).Dump());
        Diff(to.Rows, after).IsEmpty.ShouldBeTrue();
        (changes.Inserted - changes.Deleted).ShouldBe(to.Rows.Length - from.Rows.Length);
    }

    [Property]
    public void A_plan_that_is_carried_out_differs_in_nothing(RandomPlan plan)
    {
        var database = With(plan.Rows);

        Diff(plan.Rows, database).IsEmpty.ShouldBeTrue("compared for the first time");
        Diff(plan.Rows, database).IsEmpty.ShouldBeTrue("known to be settled");
        Diff([.. plan.Rows.Select(row => row with { })], database).IsEmpty.ShouldBeTrue("made anew");
    }

    [Fact]
    public void The_order_of_rows_that_mean_the_same_does_not_matter()
    {
        var router = Plans.Router();
        var (old, first, second) = (Nat("nat/3", StringMap.Empty), Nat("nat/1", StringMap.Of(("stateless", "true"))), Nat("nat/5", StringMap.Empty));
        var before = With([router, old]);

        Text(Diff([router, second, first], before)).ShouldBe(Text(Diff([router, first, second], before)));

        static DesiredRow Nat(string name, StringMap options) =>
            Row(name, new Nat { Type = "snat", ExternalIp = "10.5.204.1", LogicalIp = "192.168.0.1", Options = options }, To("Logical_Router", "router", "nat"));
    }

    [Property]
    public void The_order_of_the_rows_does_not_matter(RandomPlan from, RandomPlan to, int seed)
    {
        var before = With(from.Rows);
        var shuffled = to.Rows.ToArray();
        new Random(seed).Shuffle(shuffled);

        Text(Diff(shuffled, before)).ShouldBe(Text(Diff(to.Rows, before)));
    }

    [Property]
    public void Rows_that_were_compared_before_make_no_difference(RandomPlan from, RandomPlan to)
    {
        var before = With(from.Rows);
        _ = Diff(from.Rows, before);
        DesiredRow[] mixed = [.. to.Rows.Select(row => Array.Find(from.Rows, known => known.Equals(row)) ?? row)];

        Text(Diff(mixed, before)).ShouldBe(Text(Diff([.. to.Rows.Select(row => row with { })], before)));
    }

    [Property]
    public void Rows_of_others_are_not_touched(RandomPlan from, RandomPlan to)
    {
        var before = Strangers(With(from.Rows), out var strangers);

        var after = before.Apply(Diff(to.Rows, before).Operations);

        foreach (var stranger in strangers)
            after.Rows.Single(row => row.Uuid == stranger.Uuid).ShouldSatisfyAllConditions(row => row.Schema.Columns.Count.ShouldBe(
                Enumerable.Range(0, row.Schema.Columns.Count).Count(place => row[place].Equals(stranger[place]))));
        Diff(to.Rows, after).IsEmpty.ShouldBeTrue();
    }

    [Property]
    public void Whatever_somebody_breaks_is_repaired(RandomPlan plan, int seed)
    {
        var complete = With(plan.Rows);
        _ = Diff(plan.Rows, complete);
        var broken = complete.Apply(Vandalism.Of(complete, new Random(seed)));

        var repaired = broken.Apply(Diff(plan.Rows, broken).Operations);

        repaired.Dump().ShouldBe(complete.Dump());
        Diff(plan.Rows, repaired).IsEmpty.ShouldBeTrue();
    }

    [Property]
    public void What_somebody_broke_is_found_alike_whether_or_not_rows_were_compared_before(RandomPlan from, RandomPlan to, int seed)
    {
        var complete = With(from.Rows);
        _ = Diff(from.Rows, complete);
        var broken = complete.Apply(Vandalism.Of(complete, new Random(seed)));
        DesiredRow[] mixed = [.. to.Rows.Select(row => Array.Find(from.Rows, known => known.Equals(row)) ?? row)];

        Text(Diff(mixed, broken)).ShouldBe(Text(Diff([.. to.Rows.Select(row => row with { })], broken)));
    }

    private static Gen<string> Router(bool hasRouter2) => hasRouter2 ? Gen.Elements("router", "router2") : Gen.Constant("router");

    private static MemoryDatabase Strangers(MemoryDatabase database, out IReadOnlyList<Row> strangers)
    {
        var ours = database.Table("Logical_Router").First();
        var all = database.Apply(
        [
            Ops.InsertNat("shared", "snat", "10.8.8.8", "10.0.0.0/8"),
            Ops.InsertNat("apart", "snat", "10.8.8.9", "10.0.0.0/8"),
            Ops.InsertAs("lb", "Load_Balancer", ("name", Ops.Text("theirs"))),
            Ops.InsertAs(
                "lr", "Logical_Router",
                ("name", Ops.Text("stranger")), ("nat", Ops.Named("apart")), ("load_balancer", Ops.Named("lb"))),
            Ops.Add(ours, "nat", Ops.Named("shared")),
            Ops.Add(ours, "load_balancer", Ops.Named("lb")),
        ], out var named);
        strangers = [.. all.Rows.Where(row => named.Values.Contains(row.Uuid))];
        return all;
    }

    private static string Text(Changes changes) => string.Join('\n', changes.Operations.Select(Text));

    private static string Text(Operation operation) => operation switch
    {
        Insert insert => $"insert {insert.Table} {insert.UuidName} {string.Join(", ", insert.Row)}",
        Update update => $"update {update.Table} {string.Join(", ", update.Where)} {string.Join(", ", update.Row)}",
        Mutate mutate => $"mutate {mutate.Table} {string.Join(", ", mutate.Where)} {string.Join(", ", mutate.Mutations)}",
        Delete delete => $"delete {delete.Table} {string.Join(", ", delete.Where)}",
        _ => throw new InvalidOperationException($"unexpected {operation}"),
    };
}
