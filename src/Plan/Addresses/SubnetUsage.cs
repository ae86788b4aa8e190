using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Addresses;

/// <summary>How many addresses of a subnet are taken and left, and which; null for a family that the subnet does not have.</summary>
public sealed record SubnetUsage(FamilyUsage? V4, FamilyUsage? V6)
{
    /// <summary>
    /// Characters of each list of ranges. One object holds at most 1.5 MB, and every agent is sent it at every change; a full and fragmented
    /// pool of 30,000 addresses has a list of a megabyte.
    /// </summary>
    private const int MaxRanges = 4096;

    public static SubnetUsage Of(SubnetPool pool) => new(Of(pool.V4), Of(pool.V6));

    private static FamilyUsage? Of(AddressPool? pool) => pool is null
        ? null
        : new(pool.Used, pool.UsedRanges().ToString(MaxRanges), pool.Available, pool.AvailableRanges().ToString(MaxRanges));
}

/// <param name="UsingRange">
/// In the form of a status: ranges joined by commas, each <c>ADDRESS</c> or <c>FIRST-LAST</c>; of very many the first, and how many are left out.
/// </param>
/// <param name="AvailableRange">In the same form.</param>
public sealed record FamilyUsage(AddressCount Using, string UsingRange, AddressCount Available, string AvailableRange);
