using System.Collections.Concurrent;
using Sluice.Plan.Addresses;

namespace Sluice.Controller.Addresses;

/// <summary>
/// What subnets report of the use of their addresses. In a burst of allocations it lags a little, so that the burst costs a few writes of
/// the counters rather than one for each address.
/// </summary>
public sealed class UsageReports(AddressBook book, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (SubnetUsage? Usage, long At)> _last = new(StringComparer.Ordinal);

    /// <summary>The use to report now; null for a subnet that gives out no addresses.</summary>
    public SubnetUsage? Take(string subnet)
    {
        var usage = book.UsageOf(subnet);
        if (_last.TryGetValue(subnet, out var last) && (last.Usage == usage || time.GetElapsedTime(last.At) < Interval))
            return last.Usage;
        _last[subnet] = (usage, time.GetTimestamp());
        return usage;
    }

    /// <summary>How long until there is something new to report; null if there is nothing.</summary>
    /// <param name="reported">What was taken last.</param>
    public TimeSpan? Due(string subnet, SubnetUsage? reported) => book.UsageOf(subnet) == reported ? null : Interval;

    /// <summary>The subnet is gone.</summary>
    public void Forget(string subnet) => _last.TryRemove(subnet, out _);
}
