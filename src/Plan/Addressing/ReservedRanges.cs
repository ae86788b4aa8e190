namespace Sluice.Plan.Addressing;

/// <summary>Addresses that mean something everywhere, so that no subnet may hold them.</summary>
public static class ReservedRanges
{
    // RFC 4291 2.5.5.2
    private static readonly Cidr Mapped = Cidr.Parse("::ffff:0:0/96");

    private static readonly (Cidr Cidr, string Meaning)[] All =
    [
        (Cidr.Parse("0.0.0.0/32"), "unspecified"),
        (Cidr.Parse("127.0.0.0/8"), "loopback"),
        (Cidr.Parse("169.254.0.0/16"), "link-local"),
        (Cidr.Parse("224.0.0.0/4"), "multicast"),
        (Cidr.Parse("255.255.255.255/32"), "broadcast"),
        (Cidr.Parse("::/128"), "unspecified"),
        (Cidr.Parse("::1/128"), "loopback"),
        (Mapped, "IPv4-mapped"),
        (Cidr.Parse("fe80::/10"), "link-local"),
        (Cidr.Parse("ff00::/8"), "multicast"),
    ];

    /// <summary>Whether addresses of the range mean IPv4 ones.</summary>
    public static bool IsMapped(IpRange range) => Mapped.Range.Overlaps(range);

    /// <summary>The reserved block that <paramref name="cidr"/> overlaps and what it is for; null if there is none.</summary>
    public static (Cidr Cidr, string Meaning)? Find(Cidr cidr)
    {
        foreach (var reserved in All)
        {
            if (reserved.Cidr.Overlaps(cidr)) return reserved;
        }
        return null;
    }
}
