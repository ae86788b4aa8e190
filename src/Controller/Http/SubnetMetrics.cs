using Sluice.Controller.Addresses;
using Sluice.Metrics;
using Sluice.Plan.Addresses;

namespace Sluice.Controller.Http;

/// <summary>How full subnets are, under the names that dashboards of Kube-OVN look for.</summary>
internal static class SubnetMetrics
{
    public static void Write(MetricsText text, Cluster cluster, AddressBook book)
    {
        var usages = book.Usages();
        text.Family("subnet_used_ip_count", "gauge", "Addresses of the subnet that are taken.");
        foreach (var (subnet, usage) in usages)
            Sample(text, cluster, subnet, usage, family => family.Using.Value);
        text.Family("subnet_available_ip_count", "gauge", "Addresses of the subnet that are left.");
        foreach (var (subnet, usage) in usages)
            Sample(text, cluster, subnet, usage, family => family.Available.Value);
    }

    private static void Sample(MetricsText text, Cluster cluster, string subnet, SubnetUsage usage, Func<FamilyUsage, UInt128> count)
    {
        var cidr = cluster.Subnets.Find(subnet)?.Spec.CidrBlock ?? "";
        if (usage.V4 is { } v4)
            text.Sample((double)count(v4), ("subnet_name", subnet), ("protocol", "IPv4"), ("subnet_cidr", cidr));
        if (usage.V6 is { } v6)
            text.Sample((double)count(v6), ("subnet_name", subnet), ("protocol", "IPv6"), ("subnet_cidr", cidr));
    }
}
