using FsCheck.Xunit;

namespace Sluice.Ovn.Tests.Values;

public sealed class CollectionTests
{
    [Property]
    public bool A_set_is_equal_whatever_the_order_and_the_duplicates(string[] members)
    {
        var known = members.Where(member => member is not null).ToArray();
        var set = StringSet.Of(known);
        var again = StringSet.Of(known.Reverse().Concat(known));

        return set.Equals(again)
            && set.GetHashCode() == again.GetHashCode()
            && known.All(set.Contains)
            && set.Count == known.Distinct().Count();
    }

    [Property]
    public bool A_map_is_equal_whatever_the_order(Dictionary<string, string> pairs)
    {
        var known = pairs.Where(pair => pair.Value is not null).ToArray();
        var map = StringMap.From(known);
        var oneByOne = known.Reverse().Aggregate(StringMap.Empty, (part, pair) => part.With(pair.Key, pair.Value));

        return map.Equals(oneByOne) && map.GetHashCode() == oneByOne.GetHashCode() && known.All(pair => map[pair.Key] == pair.Value);
    }

    [Property]
    public bool A_key_that_was_added_can_be_removed(Dictionary<string, string> pairs, string value)
    {
        var map = StringMap.From(pairs.Where(pair => pair.Value is not null));
        const string Key = "sluice";

        return map.Without(Key).With(Key, value ?? "").Without(Key).Equals(map.Without(Key));
    }

    [Fact]
    public void A_map_refuses_a_key_that_occurs_twice() =>
        Should.Throw<ArgumentException>(() => StringMap.Of(("a", "1"), ("a", "2")));

    [Fact]
    public void A_set_of_references_is_equal_whatever_the_order()
    {
        var (a, b) = (RowRef.Named("Address_Set", "a"), RowRef.To(new(new("Vpc", "vpc1"), "b")));

        RefSet.Of(a, b, a).ShouldBe(RefSet.Of(b, a));
    }

    [Fact]
    public void Collections_of_columns_can_be_written_as_collection_expressions()
    {
        StringSet networks = ["fd00::1/64", "10.0.0.1/24"];

        networks.ShouldBe(StringSet.Of("10.0.0.1/24", "fd00::1/64"));
    }
}
