using FsCheck.Xunit;

namespace Sluice.Ovsdb.Tests.Pure;

public sealed class ValueTests
{
    [Property]
    public bool A_set_does_not_depend_on_order_or_repetition(int[] members)
    {
        var value = Value.Set(members.Select(member => Atom.Of(member)));
        return value.Equals(Value.Set(members.Reverse().Concat(members).Select(member => Atom.Of(member))))
            && value.Count == members.Distinct().Count();
    }

    [Property]
    public bool Applying_the_symmetric_difference_of_two_sets_leads_from_one_to_the_other(int[] before, int[] after)
    {
        var difference = before.Except(after).Concat(after.Except(before));
        return IntSet(before).Apply(IntSet(difference)).Equals(IntSet(after));
    }

    [Property]
    public bool A_superset_has_all_members_of_the_other(byte[] members, byte[] others)
    {
        var (set, other) = (IntSet(members.Select(member => (int)member)), IntSet(others.Select(member => (int)member)));
        return set.IsSupersetOf(other) == others.All(member => members.Contains(member)) && set.Apply(other).IsSupersetOf(other) == !members.Intersect(others).Any();
    }

    [Property]
    public bool Applying_the_difference_of_two_maps_leads_from_one_to_the_other(Dictionary<int, int> before, Dictionary<int, int> after)
    {
        var gone = before.Where(pair => !after.ContainsKey(pair.Key));
        var cameOrChanged = after.Where(pair => !before.TryGetValue(pair.Key, out var old) || old != pair.Value);
        return IntMap(before).Apply(IntMap(gone.Concat(cameOrChanged))).Equals(IntMap(after));
    }

    [Property]
    public bool Atoms_are_ordered_as_their_values(long left, long right) =>
        Math.Sign(Atom.Of(left).CompareTo(Atom.Of(right))) == Math.Sign(left.CompareTo(right));

    [Fact]
    public void A_scalar_is_a_set_of_one() => Value.Of("a").ShouldBe(Value.Set(["a"]));

    [Fact]
    public void An_empty_set_is_no_empty_map() => Value.EmptySet.ShouldNotBe(Value.EmptyMap);

    [Fact]
    public void An_optional_string_is_null_when_absent()
    {
        Value.EmptySet.AsStringOrNull().ShouldBeNull();
        Value.Of("a").AsStringOrNull().ShouldBe("a");
    }

    [Fact]
    public void Asking_for_another_type_fails() => Should.Throw<InvalidOperationException>(() => Value.Of("a").AsLong());

    [Fact]
    public void A_uuid_survives_its_atom()
    {
        var uuid = Guid.NewGuid();
        Atom.Of(uuid).AsGuid.ShouldBe(uuid);
    }

    private static Value IntSet(IEnumerable<int> members) => Value.Set(members.Select(member => Atom.Of(member)));

    private static Value IntMap(IEnumerable<KeyValuePair<int, int>> pairs) =>
        Value.Map(pairs.Select(pair => KeyValuePair.Create(Atom.Of(pair.Key), Atom.Of(pair.Value))));
}
