using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The names of the two ports that join a router and a switch are part of the compatibility contract, and ambiguous: VPC <c>a-b</c> with
/// subnet <c>c</c> has the router port of VPC <c>a</c> with subnet <c>b-c</c>, while OVN wants every port name to be unique.
/// </summary>
public static class RouterPortNames
{
    /// <summary>Every other pair of VPC and subnet names whose router port or switch port would have the same name.</summary>
    public static IEnumerable<(string Vpc, string Subnet)> Rivals(string vpc, string subnet)
    {
        foreach (var (left, right) in Splits(Names.RouterPort(vpc, subnet)))
        {
            if (left != vpc) yield return (left, right);
        }
        foreach (var (left, right) in Splits(Names.SwitchPort(subnet, vpc)))
        {
            if (right != vpc) yield return (right, left);
        }
    }

    /// <summary>The VPC whose port in <paramref name="subnet"/> would be called <paramref name="port"/>, or null.</summary>
    public static string? VpcOf(string port, string subnet) =>
        port.Length > subnet.Length + 1 && port[^(subnet.Length + 1)] == '-' && port.EndsWith(subnet, StringComparison.Ordinal)
            ? port[..^(subnet.Length + 1)]
            : null;

    private static IEnumerable<(string Left, string Right)> Splits(string name)
    {
        for (var dash = name.IndexOf('-', 1); dash > 0 && dash < name.Length - 1; dash = name.IndexOf('-', dash + 1))
        {
            yield return (name[..dash], name[(dash + 1)..]);
        }
    }
}
