using FsCheck.Xunit;
using Sluice.Ovn.Diff;
using Sluice.Ovn.Northbound;
using Sluice.Ovn.Tests.Support;
using Sluice.Ovsdb;
using static Sluice.Ovn.Tests.Support.Plans;

namespace Sluice.Ovn.Tests.Diff;

/// <summary>Plans that add so many rows that they are committed in several transactions.</summary>
public sealed class DivisionTests : DiffTest
{
    private const int Many = Division.PartSize * 3;

    [Fact]
    public void Rows_added_to_an_existing_router_come_in_parts()
    {
        var changes = Diff([Router(), .. Nats(Many + 1)], With(Router()));

        Parts(changes).Select(part => part.OfType<Insert>().Count()).ShouldBe([Division.PartSize, Division.PartSize, Division.PartSize, 1]);
        Parts(changes).ShouldAllBe(part => part.Count(operation => operation is Mutate) == 1);
    }

    [Fact]
    public void Rows_of_a_router_that_is_new_come_with_it() => Diff([Router(), .. Nats(Many)], MemoryDatabase.Empty()).Cuts.ShouldBeEmpty();

    [Fact]
    public void A_few_rows_come_at_once() => Diff([Router(), .. Nats(Division.PartSize)], With(Router())).Cuts.ShouldBeEmpty();

    [Fact]
    public void What_refers_to_a_new_row_comes_with_it_in_the_first_part()
    {
        var port = RowRef.To(new(Vpc1, "lrp/p1"));
        var bound = Nats(10).Select(row => row with { Row = (Nat)row.Row with { GatewayPort = port } });
        var first = Parts(Diff([Router(), Port("p1", "10.0.0.1/24"), Chassis("p1", "ch1", 1), .. bound, .. Nats(Many).Skip(10)], With(Router())))[0];

        first.OfType<Insert>().Where(insert => insert.Table != "NAT").Select(insert => insert.Table)
            .ShouldBe(["Gateway_Chassis", "Logical_Router_Port"], ignoreOrder: true);
        first.OfType<Insert>().Count(insert => insert.Row.Any(column => column.Key == "gateway_port")).ShouldBe(10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_plan_that_also_changes_or_removes_a_row_is_one_transaction(bool removes)
    {
        var before = With(Router(), Nat("old", "10.9.0.1", "192.168.0.1"));
        DesiredRow[] old = removes ? [] : [Nat("old", "10.9.0.2", "192.168.0.1")];

        Diff([Router(), .. old, .. Nats(Many)], before).Cuts.ShouldBeEmpty();
    }

    [Property(MaxTest = 20, Arbitrary = [typeof(RowDiffLaws)])]
    public void Wherever_it_is_interrupted_the_rest_is_found_to_be_missing(RowDiffLaws.RandomPlan random, int stop)
    {
        DesiredRow[] plan = [.. random.Rows, .. Nats(Many)];
        var before = With(Router());
        var parts = Parts(Diff(plan, before));
        var complete = before.Apply(Diff(plan, before).Operations);

        var interrupted = parts.Take((stop & 0xff) % (parts.Count + 1)).Aggregate(before, (database, part) => database.Apply(part));

        interrupted.Apply(Diff(plan, interrupted).Operations).Dump().ShouldBe(complete.Dump());
        parts.Aggregate(before, (database, part) => database.Apply(part)).Dump().ShouldBe(complete.Dump());
        Diff(plan, complete).IsEmpty.ShouldBeTrue();
    }

    private static DesiredRow[] Nats(int count) =>
        [.. Enumerable.Range(0, count).Select(number => Nat($"many-{number}", $"10.{number / 250}.0.{(number % 250) + 1}", "192.168.1.1"))];

    private static IReadOnlyList<IReadOnlyList<Operation>> Parts(Changes changes) =>
    [
        .. changes.Cuts.Prepend(0).Zip(changes.Cuts.Append(changes.Operations.Length), (from, to) => changes.Operations[from..to]),
    ];
}
