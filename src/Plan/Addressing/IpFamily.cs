namespace Sluice.Plan.Addressing;

/// <summary>The version of the Internet Protocol that an address belongs to.</summary>
public enum IpFamily : byte
{
    V4,
    V6,
}

/// <summary>The sizes of the two address spaces.</summary>
public static class IpFamilies
{
    /// <summary>Bits of an address.</summary>
    public static int Bits(this IpFamily family) => family == IpFamily.V4 ? 32 : 128;

    /// <summary>The highest address as a number.</summary>
    public static UInt128 Max(this IpFamily family) => family == IpFamily.V4 ? uint.MaxValue : UInt128.MaxValue;
}
