using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Tests.Addressing;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("10.5.204.254", "10.5.204.254")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("FD00:10:16::1", "fd00:10:16::1")]
    [InlineData("2001:0db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("1:0:0:0:2:0:0:0", "1::2:0:0:0")]
    [InlineData("::ffff:10.0.0.1", "::ffff:10.0.0.1")]
    [InlineData("::10.0.0.1", "::a00:1")]
    [InlineData("fe80::5efe:10.0.0.1", "fe80::5efe:a00:1")]
    public void Is_written_in_canonical_form(string text, string canonical)
    {
        IpAddress.TryParse(text, out var address).ShouldBeTrue();
        address.ToString().ShouldBe(canonical);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.+4")]
    [InlineData("1.2..4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("10.0.0.1/24")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("::1/64")]
    [InlineData("g::")]
    [InlineData("pod")]
    public void Refuses_what_is_no_address(string text) => IpAddress.TryParse(text, out _).ShouldBeFalse();

    [Property(Arbitrary = [typeof(Addresses)])]
    public void Reads_what_it_writes(IpAddress address) => IpAddress.Parse(address.ToString()).ShouldBe(address);

    [Property(Arbitrary = [typeof(Addresses)])]
    public void Means_the_same_as_the_runtimes_type(IpAddress address) =>
        System.Net.IPAddress.Parse(address.ToString()).GetAddressBytes().ShouldBe(Bytes(address));

    [Fact]
    public void Is_ordered_by_family_then_value()
    {
        IpAddress[] sorted = [IpAddress.Parse("9.0.0.0"), IpAddress.Parse("10.0.0.0"), IpAddress.Parse("::1"), IpAddress.Parse("fd00::")];
        sorted.Reverse().Order().ShouldBe(sorted);
    }

    [Fact]
    public void Must_fit_its_family() => Should.Throw<ArgumentOutOfRangeException>(() => new IpAddress(IpFamily.V4, 1UL << 32));

    private static byte[] Bytes(IpAddress address)
    {
        var bytes = new byte[address.Family.Bits() / 8];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(address.Value >> (8 * (bytes.Length - 1 - i)));
        return bytes;
    }

    /// <summary>Addresses of both families; IPv6 ones with many zero groups, which is where text forms differ.</summary>
    private static class Addresses
    {
        public static Arbitrary<IpAddress> Address() => Gen.OneOf(
            Gen.Choose(int.MinValue, int.MaxValue).Select(value => new IpAddress(IpFamily.V4, (uint)value)),
            Gen.OneOf(Gen.Constant(0), Gen.Choose(0, 0xffff)).ArrayOf(8)
                .Select(groups => new IpAddress(IpFamily.V6, groups.Aggregate(UInt128.Zero, (value, group) => value << 16 | (uint)group))))
            .ToArbitrary();
    }
}
