using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>Which of two connections of a VPC and a subnet gets a port name that both want (<see cref="RouterPortNames"/>): the older one.</summary>
internal static class PortNameContest
{
    /// <summary>Since when a VPC and a subnet want to be connected, as far as their creation tells.</summary>
    public static DateTimeOffset Since(Vpc vpc, Subnet subnet)
    {
        var (first, second) = (vpc.Metadata.CreationTimestamp ?? default, subnet.Metadata.CreationTimestamp ?? default);
        return first > second ? first : second;
    }

    /// <summary>Why the VPC can not have its ports in <paramref name="subnet"/>, or null when it can.</summary>
    public static Refusal? Verdict(VpcInput input, string name, Subnet subnet)
    {
        if (RouterPortNames.AreOne(input.Name, name))
        {
            return new(
                Reasons.Conflict,
                $"the port of Vpc \"{input.Name}\" and that of Subnet \"{name}\" which join them would both be named \"{Names.RouterPort(input.Name, name)}\"; rename one");
        }
        var since = Since(input.Vpc!, subnet);
        foreach (var (vpc, rival) in RouterPortNames.Rivals(input.Name, name))
        {
            foreach (var port in input.RivalPorts)
            {
                if (port.Vpc != vpc || port.Subnet != rival) continue;
                var order = port.Since.CompareTo(since);
                if (order < 0 || (order == 0 && IsBefore((port.Vpc, port.Subnet), (input.Name, name))))
                {
                    return new(
                        Reasons.Conflict,
                        $"the ports of Vpc \"{input.Name}\" and Subnet \"{name}\" would have the names of those "
                        + $"of Vpc \"{vpc}\" and Subnet \"{rival}\"; rename one");
                }
            }
        }
        return null;
    }

    private static bool IsBefore((string Vpc, string Subnet) one, (string Vpc, string Subnet) other) =>
        string.CompareOrdinal(one.Vpc, other.Vpc) is var order && (order < 0 || (order == 0 && string.CompareOrdinal(one.Subnet, other.Subnet) < 0));
}
