using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class AddressPoolTests
{
    /// <summary>The external subnet of the walkthrough: 254 host addresses, a hundred excluded, and the gateway.</summary>
    private static AddressPool External204() => new(
        Cidr.Parse("10.5.204.0/24"), IpAddress.Parse("10.5.204.254"), Range("10.5.204.1..10.5.204.100"));

    [Fact]
    public void Gives_the_lowest_fresh_address()
    {
        var pool = External204();
        Counts(pool).ShouldBe(new(153, 0, 101));
        Allocate(pool, "a").ShouldBe("10.5.204.101");
        Allocate(pool, "b").ShouldBe("10.5.204.102");
        Counts(pool).ShouldBe(new(151, 2, 101));
        pool.UsedRanges().ToString().ShouldBe("10.5.204.101-10.5.204.102");
        pool.AvailableRanges().ToString().ShouldBe("10.5.204.103-10.5.204.253");
    }

    [Fact]
    public void The_same_owner_gets_the_same_address()
    {
        var pool = External204();
        Allocate(pool, "a").ShouldBe("10.5.204.101");
        Allocate(pool, "a").ShouldBe("10.5.204.101");
        Allocate(pool, "a", "10.5.204.101").ShouldBe("10.5.204.101");
        Counts(pool).ShouldBe(new(152, 1, 101));
    }

    [Fact]
    public void Released_addresses_come_last_in_the_order_of_their_release()
    {
        var pool = new AddressPool(Cidr.Parse("10.0.0.0/29"), IpAddress.Parse("10.0.0.1"));
        foreach (var owner in (string[])["a", "b", "c"]) Allocate(pool, owner);
        pool.Release("b");
        pool.Release("a");
        string[] given = [Allocate(pool, "d"), Allocate(pool, "e"), Allocate(pool, "f"), Allocate(pool, "g")];
        given.ShouldBe(["10.0.0.5", "10.0.0.6", "10.0.0.3", "10.0.0.2"]);
        Refused(pool, "h").Reason.ShouldBe(RefusalReason.Exhausted);
        Counts(pool).ShouldBe(new(0, 5, 1));
    }

    [Fact]
    public void An_excluded_address_is_given_on_request_and_held_back_again()
    {
        var pool = External204();
        Allocate(pool, "a", "10.5.204.7").ShouldBe("10.5.204.7");
        Counts(pool).ShouldBe(new(153, 1, 100));
        pool.Release("a");
        Counts(pool).ShouldBe(new(153, 0, 101));
        pool.AvailableRanges().ToString().ShouldBe("10.5.204.101-10.5.204.253");
    }

    [Theory]
    [InlineData("10.5.204.254", RefusalReason.IsGateway, null, "10.5.204.254 is the gateway of 10.5.204.0/24")]
    [InlineData("10.5.204.0", RefusalReason.OutOfRange, null, "10.5.204.0 is not a host address of 10.5.204.0/24")]
    [InlineData("10.5.204.255", RefusalReason.OutOfRange, null, "10.5.204.255 is not a host address of 10.5.204.0/24")]
    [InlineData("10.5.205.1", RefusalReason.OutOfRange, null, "10.5.205.1 is not a host address of 10.5.204.0/24")]
    [InlineData("fd00::1", RefusalReason.Invalid, null, "fd00::1 is not of the family of 10.5.204.0/24")]
    [InlineData("10.5.204.101", RefusalReason.Taken, "a", "10.5.204.101 is taken by a")]
    public void Refusals_say_why_and_change_nothing(string wanted, RefusalReason reason, string? takenBy, string message)
    {
        var pool = External204();
        Allocate(pool, "a");
        Allocate(pool, "b");
        Refused(pool, "b", wanted).ShouldBe(new(reason, message, takenBy));
        pool.AddressOf("b").ShouldBe(IpAddress.Parse("10.5.204.102"));
        Counts(pool).ShouldBe(new(151, 2, 101));
    }

    [Fact]
    public void Asking_for_another_address_moves_the_owner()
    {
        var pool = External204();
        Allocate(pool, "a");
        Allocate(pool, "a", "10.5.204.200").ShouldBe("10.5.204.200");
        pool.OwnerOf(IpAddress.Parse("10.5.204.101")).ShouldBeNull();
        Counts(pool).ShouldBe(new(152, 1, 101));
    }

    [Fact]
    public void Another_configuration_keeps_the_owners_that_fit_it()
    {
        var pool = External204();
        Allocate(pool, "low", "10.5.204.5");
        Allocate(pool, "a");
        Allocate(pool, "b");
        Allocate(pool, "gateway-to-be", "10.5.204.253");
        pool.Release("a");

        pool = pool.Reconfigured(Cidr.Parse("10.5.204.0/24"), IpAddress.Parse("10.5.204.253"), Range("10.5.204.1..10.5.204.99"));

        Counts(pool).ShouldBe(new(153, 2, 99));
        pool.AddressOf("low").ShouldBe(IpAddress.Parse("10.5.204.5"));
        pool.AddressOf("b").ShouldBe(IpAddress.Parse("10.5.204.102"));
        pool.AddressOf("gateway-to-be").ShouldBeNull();
        Allocate(pool, "c").ShouldBe("10.5.204.100");
        Allocate(pool, "d").ShouldBe("10.5.204.103", "10.5.204.101 was released and waits at the end of the line");
    }

    [Fact]
    public void Huge_subnets_cost_no_more_than_small_ones()
    {
        var pool = new AddressPool(Cidr.Parse("fd00::/64"), IpAddress.Parse("fd00::1"), Range("fd00::2..fd00::ffff:ffff:ffff:fffe"));
        pool.Size.ShouldBe((UInt128)ulong.MaxValue);
        Counts(pool).ShouldBe(new(1, 0, ulong.MaxValue - 1));
        Allocate(pool, "a").ShouldBe("fd00::ffff:ffff:ffff:ffff");
        Refused(pool, "b").Reason.ShouldBe(RefusalReason.Exhausted);
    }

    private static IpRange Range(string text) => IpRange.TryParse(text, out var range) ? range : throw new FormatException(text);

    private static string Allocate(AddressPool pool, string owner, string? wanted = null)
    {
        pool.TryAllocate(owner, wanted is null ? null : IpAddress.Parse(wanted), out var address, out var refusal).ShouldBeTrue(refusal?.Message);
        return address.ToString();
    }

    private static Refusal Refused(AddressPool pool, string owner, string? wanted = null)
    {
        pool.TryAllocate(owner, wanted is null ? null : IpAddress.Parse(wanted), out _, out var refusal).ShouldBeFalse();
        return refusal.ShouldNotBeNull();
    }

    private static Counters Counts(AddressPool pool) => new(pool.Available, pool.Used, pool.Excluded);

    private sealed record Counters(UInt128 Available, UInt128 Used, UInt128 Excluded);
}
