using Sluice.Ovn.Northbound;

namespace Sluice.Ovn.Tests.Support;

/// <summary>Rows as a plan of a VPC makes them.</summary>
internal static class Plans
{
    public static readonly OwnerKey Vpc1 = new("Vpc", "vpc1");

    public static readonly Attachment InRouter = new("Logical_Router", RowRef.To(new(Vpc1, "router")), "nat");

    public static DesiredRow Row(string name, OvnRow row, params Attachment[] attachments) => new(new(Vpc1, name), row, [.. attachments]);

    public static DesiredRow Router(string name = "vpc1") =>
        Row("router", new LogicalRouter { Name = name, Options = StringMap.Of(("dynamic_neigh_routers", "true")) });

    public static Attachment To(string table, string row, string column) => new(table, RowRef.To(new(Vpc1, row)), column);

    public static DesiredRow Port(string name, params string[] networks) => Row(
        $"lrp/{name}",
        new LogicalRouterPort
        {
            Name = name,
            Mac = "0a:00:00:00:00:01",
            Networks = StringSet.Of(networks),
            ExternalIds = StringMap.Of(("lr", "vpc1")),
        },
        To("Logical_Router", "router", "ports"));

    public static Nat Fip(string external, string logical) =>
        new() { Type = Northbound.Nat.TypeValue.DnatAndSnat, ExternalIp = external, LogicalIp = logical };

    public static DesiredRow Nat(string name, string external, string logical) => Row($"nat/{name}", Fip(external, logical), InRouter);

    public static DesiredRow LoadBalancer(string name, string vip, string backend) => Row(
        $"lb/{name}",
        new LoadBalancer { Name = name, Protocol = Northbound.LoadBalancer.ProtocolValue.Tcp, Vips = StringMap.Of((vip, backend)) },
        To("Logical_Router", "router", "load_balancer"));

    public static DesiredRow Chassis(string port, string chassis, int priority) => Row(
        $"chassis/{port}-{chassis}",
        new GatewayChassis { Name = $"{port}-{chassis}", ChassisName = chassis, Priority = priority },
        To("Logical_Router_Port", $"lrp/{port}", "gateway_chassis"));
}
