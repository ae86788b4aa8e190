using Sluice.Controller.Addresses;
using Sluice.Metrics;
using Sluice.Plan.Addressing;

namespace Sluice.Controller.Http;

/// <summary>How full subnets are, under the names that dashboards of Kube-OVN look for.</summary>
internal static class SubnetMetrics
{
    public static void Write(MetricsText text, Cluster cluster, AddressBook book)
    {
        var counts = book.Counts();
        text.Family("subnet_used_ip_count", "gauge", "Addresses of the subnet that are taken.");
        foreach (var (subnet, family, used, _) in counts)
            Sample(text, cluster, subnet, family, used);
        text.Family("subnet_available_ip_count", "gauge", "Addresses of the subnet that are left.");
        foreach (var (subnet, family, _, available) in counts)
            Sample(text, cluster, subnet, family, available);
    }

    private static void Sample(MetricsText text, Cluster cluster, string subnet, IpFamily family, UInt128 count) => text.Sample(
        (double)count,
        ("subnet_name", subnet),
        ("protocol", family == IpFamily.V4 ? "IPv4" : "IPv6"),
        ("subnet_cidr", cluster.Subnets.Find(subnet)?.Spec.CidrBlock ?? ""));
}
