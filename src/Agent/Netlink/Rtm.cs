namespace Sluice.Agent.Netlink;

/// <summary>Types, flags and attributes of rtnetlink(7) that we use, by the kernel's names without their prefixes.</summary>
internal static class Rtm
{
    public const ushort NewLink = 16;
    public const ushort DelLink = 17;
    public const ushort GetLink = 18;
    public const ushort SetLink = 19;
    public const ushort NewAddress = 20;
    public const ushort DelAddress = 21;
    public const ushort GetAddress = 22;
    public const ushort NewRoute = 24;
    public const ushort DelRoute = 25;
    public const ushort GetRoute = 26;

    /// <summary>NLM_F_*</summary>
    public static class Flag
    {
        public const ushort Replace = 0x100;
        public const ushort Exclusive = 0x200;
        public const ushort Dump = 0x300;
        public const ushort Create = 0x400;
        public const ushort Append = 0x800;
    }

    /// <summary>IFLA_*</summary>
    public static class Link
    {
        public const ushort Address = 1;
        public const ushort Name = 3;
        public const ushort Mtu = 4;
        public const ushort Peer = 5;
        public const ushort TxQueueLength = 13;
        public const ushort Info = 18;
        public const ushort Alias = 20;
        public const ushort FamilySettings = 26;
        public const ushort NamespaceDescriptor = 28;
        public const ushort ExtendedMask = 29;
        public const ushort InfoKind = 1;
        public const ushort InfoData = 2;
        public const ushort VethPeer = 1;

        /// <summary>IFLA_INET6_ADDR_GEN_MODE and IN6_ADDR_GEN_MODE_NONE</summary>
        public const ushort AddressGeneration = 8;
        public const byte NoAddressGeneration = 1;

        /// <summary>RTEXT_FILTER_SKIP_STATS</summary>
        public const int SkipStatistics = 8;
    }

    /// <summary>IFF_*</summary>
    public static class LinkFlag
    {
        public const uint Up = 0x1;
        public const uint NoArp = 0x80;
    }

    /// <summary>IFA_*</summary>
    public static class Address
    {
        public const ushort Remote = 1;
        public const ushort Local = 2;
        public const ushort Label = 3;
        public const ushort CacheInfo = 6;
        public const ushort Flags = 8;
    }

    /// <summary>IFA_F_*</summary>
    public static class AddressFlag
    {
        public const uint Secondary = 0x01;
        public const uint NoDuplicateDetection = 0x02;
        public const uint DuplicateDetected = 0x08;
        public const uint Deprecated = 0x20;
        public const uint Tentative = 0x40;
        public const uint Permanent = 0x80;
    }

    /// <summary>RTA_*</summary>
    public static class Route
    {
        public const ushort Destination = 1;
        public const ushort OutputInterface = 4;
        public const ushort Gateway = 5;
        public const ushort Priority = 6;
        public const ushort PreferredSource = 7;
        public const ushort Multipath = 9;
        public const ushort CacheInfo = 12;
        public const ushort Table = 15;
        public const ushort NextHopId = 30;
    }

    /// <summary>RTN_UNICAST, RTPROT_*, RT_TABLE_*, RT_SCOPE_*, RTNH_F_*</summary>
    public static class RouteValue
    {
        public const byte Unicast = 1;
        public const byte ProtocolKernel = 2;
        public const byte ProtocolBoot = 3;
        public const byte ProtocolStatic = 4;
        public const byte ProtocolRouterAdvertisement = 9;
        public const byte TableUnspecified = 0;
        public const byte TableMain = 254;
        public const byte TableLocal = 255;
        public const byte ScopeUniverse = 0;
        public const byte ScopeLink = 253;

        /// <summary>Stands for any scope when a route is deleted.</summary>
        public const byte ScopeNowhere = 255;
        public const uint OnLink = 4;

        /// <summary>RTNH_F_DEAD, RTNH_F_LINKDOWN and the offload flags: what the kernel says about a route, not what it was told.</summary>
        public const uint Observed = 0x1 | 0x8 | 0x10 | 0x20 | 0x40;
    }
}
