using System.Globalization;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Subnets;

/// <summary>Who may talk to the ports of a subnet.</summary>
internal static class AclPlan
{
    private const int NodePriority = 3000;
    private const int EastWestPriority = 1900;
    private const int AllowPriority = 1001;
    private const int DropPriority = 1000;

    public static void AddRows(SubnetRows rows, SubnetInput input, SubnetAddresses addresses)
    {
        var spec = input.Subnet.Spec;
        if (spec.Private == true) AddPrivate(rows, input, addresses);
        if (spec.AllowEastWestTraffic == true)
        {
            foreach (var cidr in addresses.Cidrs.ToArray())
            {
                Add(rows, input, EastWestPriority, Acl.DirectionValue.ToLport, Between(cidr, cidr), Acl.ActionValue.AllowRelated);
                Add(rows, input, EastWestPriority, Acl.DirectionValue.FromLport, Between(cidr, cidr), Acl.ActionValue.AllowRelated);
            }
        }
        foreach (var acl in spec.Acls ?? [])
        {
            if (acl is { Priority: { } priority, Direction: { } direction, Match: { Length: > 0 } match, Action: { } action })
                Add(rows, input, priority, direction, match, action, StringMap.Of(("subnet", input.Subnet.Metadata.Name)));
        }
    }

    private static void AddPrivate(SubnetRows rows, SubnetInput input, SubnetAddresses addresses)
    {
        rows.AddToSwitch("acl/private", new Acl
        {
            Name = AclName(input.Subnet.Metadata.Name),
            Priority = DropPriority,
            Direction = Acl.DirectionValue.ToLport,
            Match = "ip",
            Action = Acl.ActionValue.Drop,
            Log = true,
            Severity = Acl.SeverityValue.Warning,
            ExternalIds = StringMap.Of(("parent", input.Subnet.Metadata.Name)),
        }, "acls");

        foreach (var nodes in input.NodeCidrs.ToArray())
            Add(rows, input, NodePriority, Acl.DirectionValue.ToLport, $"{Version(nodes)}.src == {nodes}", Acl.ActionValue.AllowRelated);
        foreach (var cidr in addresses.Cidrs.ToArray())
        {
            Add(rows, input, AllowPriority, Acl.DirectionValue.ToLport, Between(cidr, cidr), Acl.ActionValue.AllowRelated);
            foreach (var text in input.Subnet.Spec.AllowSubnets ?? [])
            {
                if (!Cidr.TryParse(text, out var other) || other.Family != cidr.Family) continue;
                Add(rows, input, AllowPriority, Acl.DirectionValue.ToLport,
                    $"({Between(cidr, other)}) || ({Between(other, cidr)})", Acl.ActionValue.AllowRelated);
            }
        }
    }

    private static void Add(SubnetRows rows, SubnetInput input, int priority, string direction, string match, string action, StringMap? ids = null) =>
        rows.AddToSwitch(
            string.Create(CultureInfo.InvariantCulture, $"acl/{direction}/{priority}/{match}"),
            new Acl
            {
                Priority = priority,
                Direction = direction,
                Match = match,
                Action = action,
                ExternalIds = (ids ?? StringMap.Empty).With("parent", input.Subnet.Metadata.Name),
            },
            "acls");

    private static string Between(Cidr source, Cidr destination) =>
        $"{Version(source)}.src == {source} && {Version(destination)}.dst == {destination}";

    private static string Version(Cidr cidr) => cidr.Family == IpFamily.V4 ? "ip4" : "ip6";

    /// <summary>The column holds at most 63 characters.</summary>
    private static string AclName(string subnet) => subnet.Length <= 63 ? subnet : subnet[..63];
}
