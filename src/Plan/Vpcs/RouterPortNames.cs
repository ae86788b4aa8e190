using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// The names of the two ports that join a router and a switch are part of the compatibility contract, and ambiguous: VPC <c>a-b</c> with
/// subnet <c>c</c> has the router port of VPC <c>a</c> with subnet <c>b-c</c>, and a switch port may be named like a router port, while
/// OVN wants the name of every port to be unique (Port_Binding.logical_port, ovn-sb(5)).
/// </summary>
public static class RouterPortNames
{
    /// <summary>Whether router port and switch port of this very pair would have one name, as those of a VPC and a subnet of one name do.</summary>
    public static bool AreOne(string vpc, string subnet) => Names.RouterPort(vpc, subnet) == Names.SwitchPort(subnet, vpc);

    /// <summary>Every other pair of VPC and subnet names of which a port would have the name of a port of this one.</summary>
    public static IEnumerable<(string Vpc, string Subnet)> Rivals(string vpc, string subnet) =>
        Splits(Names.RouterPort(vpc, subnet)).Concat(Splits(Names.SwitchPort(subnet, vpc)))
            .SelectMany(split => new[] { (Vpc: split.Left, Subnet: split.Right), (Vpc: split.Right, Subnet: split.Left) })
            .Distinct().Where(rival => rival != (vpc, subnet));

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
