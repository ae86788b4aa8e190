using Sluice.Plan.Addressing;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Addresses;

/// <summary>What is set aside in a pool for pods that ask for public addresses by annotation. Not thread-safe.</summary>
internal sealed class PodReservations
{
    private HashSet<PodAddress> _held = [];

    /// <summary>Sets aside what is asked for, after what is no longer asked for was given back.</summary>
    /// <param name="pool">Null when there is none; then there is nothing to set aside.</param>
    /// <returns>What can not be set aside, with the reason; whether something came back, and whether something was set aside anew.</returns>
    public (Dictionary<IpAddress, Plan.Vpcs.Refusal> Refusals, bool IsLess, bool IsMore) Update(SubnetPool? pool, IReadOnlyList<PodAddress> wanted)
    {
        var refusals = new Dictionary<IpAddress, Plan.Vpcs.Refusal>();
        var (isLess, isMore) = (false, false);
        foreach (var (_, owner) in _held.Except(wanted))
            isLess |= pool?.Release(owner) == true;

        var held = new HashSet<PodAddress>();
        foreach (var address in pool is null ? [] : wanted)
        {
            var isNew = pool!.OwnerOf(address.Address) != address.Owner;
            if (address.ReserveIn(pool) is { } refusal)
            {
                refusals[address.Address] = refusal;
                continue;
            }
            held.Add(address);
            isMore |= isNew;
        }
        _held = held;
        return (refusals, isLess, isMore);
    }
}
