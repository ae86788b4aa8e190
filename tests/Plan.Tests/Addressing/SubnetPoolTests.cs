using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class SubnetPoolTests
{
    private static readonly LeaseRequest Anything = new() { MacSeed = "uid" };

    [Fact]
    public void A_lease_has_an_address_of_each_family_and_a_mac()
    {
        var pool = Pool("10.0.0.0/24,fd00::/64");
        var lease = Acquire(pool, "a", Anything);
        lease.ShouldBe(new(DualStack("10.0.0.2,fd00::2"), MacAddress.Generate("uid", "a")));
        Acquire(pool, "a", Anything).ShouldBe(lease);
        pool.LeaseOf("a").ShouldBe(lease);
        pool.OwnerOf(IpAddress.Parse("fd00::2")).ShouldBe("a");
        pool.OwnerOf(lease.Mac).ShouldBe("a");
    }

    [Fact]
    public void A_request_for_one_family_leaves_the_other_to_the_pool() =>
        Acquire(Pool("10.0.0.0/24,fd00::/64"), "a", Anything with { Addresses = DualStack("fd00::7") }).Addresses.ShouldBe(DualStack("10.0.0.2,fd00::7"));

    [Theory]
    [InlineData("10.0.0.9,fd00::2", null, RefusalReason.Taken)]
    [InlineData("10.0.0.9", "02:00:00:00:00:01", RefusalReason.Taken)]
    [InlineData("10.0.0.9", "01:00:5e:00:00:01", RefusalReason.Invalid)]
    [InlineData("fd00::9,11.0.0.1", null, RefusalReason.OutOfRange)]
    public void A_refused_request_takes_nothing(string addresses, string? mac, RefusalReason reason)
    {
        var pool = Pool("10.0.0.0/24,fd00::/64");
        Acquire(pool, "a", Anything with { Mac = Mac("02:00:00:00:00:01") });
        var before = Acquire(pool, "b", Anything);

        var request = Anything with { Addresses = DualStack(addresses), Mac = mac is null ? null : Mac(mac) };
        pool.TryAcquire("b", request, out var lease, out var refusal).ShouldBeFalse();

        lease.ShouldBeNull();
        refusal.ShouldNotBeNull().Reason.ShouldBe(reason);
        pool.LeaseOf("b").ShouldBe(before);
    }

    [Fact]
    public void An_address_of_a_family_the_subnet_lacks_is_invalid()
    {
        Pool("10.0.0.0/24").TryAcquire("a", Anything with { Addresses = DualStack("fd00::1") }, out _, out var refusal).ShouldBeFalse();
        refusal.ShouldBe(new(RefusalReason.Invalid, "fd00::1 is of a family that the subnet does not have"));
    }

    [Fact]
    public void A_generated_mac_avoids_those_in_use()
    {
        var pool = Pool("10.0.0.0/24");
        pool.TryAcquireMac("router", MacAddress.Generate("uid", "a"), "", out _, out _).ShouldBeTrue();
        Acquire(pool, "a", Anything).Mac.ShouldBe(MacAddress.Generate("uid", "a", attempt: 1));
    }

    [Fact]
    public void Releasing_gives_everything_back()
    {
        var pool = Pool("10.0.0.0/30,fd00::/126");
        var lease = Acquire(pool, "a", Anything);
        pool.Release("a").ShouldBeTrue();
        pool.Release("a").ShouldBeFalse();
        pool.LeaseOf("a").ShouldBeNull();
        Acquire(pool, "b", Anything with { Addresses = lease.Addresses, Mac = lease.Mac }).ShouldBe(lease);
    }

    [Fact]
    public void A_subnet_that_becomes_dual_gives_its_owners_the_other_family()
    {
        var pool = Pool("10.0.0.0/24");
        var before = Acquire(pool, "a", Anything);
        pool = pool.Reconfigured(Addresses("10.0.0.0/24,fd00::/64"));
        Acquire(pool, "a", Anything).ShouldBe(before with { Addresses = DualStack("10.0.0.2,fd00::2") });
    }

    [Fact]
    public void A_subnet_without_addresses_gives_macs()
    {
        SubnetAddresses.TryRead(new() { Vlan = "vlan1" }, out var addresses, out _).ShouldBeTrue();
        Acquire(new(addresses), "a", Anything).ShouldBe(new(default, MacAddress.Generate("uid", "a")));
    }

    private static SubnetPool Pool(string cidr) => new(Addresses(cidr));

    private static SubnetAddresses Addresses(string cidr)
    {
        SubnetAddresses.TryRead(new() { CidrBlock = cidr }, out var addresses, out var problem).ShouldBeTrue(problem?.Message);
        return addresses;
    }

    private static Lease Acquire(SubnetPool pool, string owner, LeaseRequest request)
    {
        pool.TryAcquire(owner, request, out var lease, out var refusal).ShouldBeTrue(refusal?.Message);
        return lease.ShouldNotBeNull();
    }

    private static DualStack<IpAddress> DualStack(string text)
    {
        DualStack<IpAddress>.TryParse(text, out var pair).ShouldBeTrue();
        return pair;
    }

    private static MacAddress Mac(string text)
    {
        MacAddress.TryParse(text, out var mac).ShouldBeTrue();
        return mac;
    }
}
