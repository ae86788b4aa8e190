using Sluice.Ovsdb;

namespace Sluice.Agent.Ovs;

/// <summary>The local OVS database at one moment.</summary>
internal readonly record struct OvsSnapshot(ReplicaSnapshot Replica)
{
    /// <summary>The indexes that the lookups below need.</summary>
    public static IReadOnlyList<IndexSpec> Indexes { get; } =
    [
        new("Bridge", "name", row => row["name"].AsString()),
        new("Port", "name", row => row["name"].AsString()),
        new("Interface", "name", row => row["name"].AsString()),
        new("Interface", "iface-id", row => row["external_ids"].Get(OvsIds.IfaceId)),
        new("Interface", "container", row => row["external_ids"].Get(OvsIds.ContainerId)),
    ];

    /// <summary>The columns that this agent reads. Not among them: statistics, which change all the time.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>?> Monitor { get; } = new Dictionary<string, IReadOnlyList<string>?>
    {
        ["Open_vSwitch"] = ["bridges", "external_ids", "next_cfg", "cur_cfg"],
        ["Bridge"] = ["name", "ports", "datapath_type", "external_ids", "other_config"],
        ["Port"] = ["name", "interfaces", "trunks", "external_ids"],
        ["Interface"] = ["name", "type", "ofport", "error", "mac", "mtu_request", "external_ids"],
    };

    /// <summary>The one row of table Open_vSwitch; null until <c>ovs-vsctl init</c> made it.</summary>
    public Row? Root => Replica.HasTable("Open_vSwitch") ? Replica["Open_vSwitch"].Rows.FirstOrDefault() : null;

    /// <summary>The name of this chassis; null until OVS's start script wrote it.</summary>
    public string? SystemId => ExternalId(OvsIds.SystemId);

    public IEnumerable<OvsBridge> Bridges => Replica["Bridge"].Rows.Select(row => new OvsBridge(row));

    public IEnumerable<OvsInterface> Interfaces => Replica["Interface"].Rows.Select(row => new OvsInterface(row));

    /// <summary>The integration bridge, which ovn-controller creates.</summary>
    public OvsBridge? IntegrationBridge => Bridge("br-int");

    /// <summary>
    /// The datapath of all bridges: the integration bridge's, which must be the same as that of a provider bridge for patch ports
    /// to work, or what ovn-controller is told to use for it.
    /// </summary>
    public string DatapathType => IntegrationBridge?.DatapathType is { Length: > 0 } type ? type : ExternalId(OvsIds.BridgeDatapathType) ?? "";

    /// <summary>Whether packets are switched by ovs-vswitchd itself, which does not complete checksums.</summary>
    public bool IsUserspace => DatapathType == "netdev";

    /// <summary>A value of Open_vSwitch.external_ids.</summary>
    public string? ExternalId(string key) => Root?["external_ids"].Get(key);

    public OvsBridge? Bridge(string name) => Replica["Bridge"].Lookup("name", name) is [var row, ..] ? new OvsBridge(row) : null;

    public OvsPort? Port(string name) => Replica["Port"].Lookup("name", name) is [var row, ..] ? new OvsPort(row) : null;

    public OvsInterface? Interface(string name) => Replica["Interface"].Lookup("name", name) is [var row, ..] ? new OvsInterface(row) : null;

    public OvsInterface? Interface(Guid uuid) => Replica["Interface"].Find(uuid) is { } row ? new OvsInterface(row) : null;

    /// <summary>All interfaces that claim one logical switch port.</summary>
    public IEnumerable<OvsInterface> InterfacesOfPort(string ifaceId) =>
        Replica["Interface"].Lookup("iface-id", ifaceId).Select(row => new OvsInterface(row));

    /// <summary>The interfaces that were made for a container.</summary>
    public IEnumerable<OvsInterface> InterfacesOfContainer(string containerId) =>
        Replica["Interface"].Lookup("container", containerId).Select(row => new OvsInterface(row));

    /// <summary>The bridge that a port is in.</summary>
    public OvsBridge? BridgeOf(OvsPort port)
    {
        foreach (var bridge in Bridges)
        {
            if (bridge.Has(port))
                return bridge;
        }
        return null;
    }

    /// <summary>The ports of a bridge.</summary>
    public IEnumerable<OvsPort> PortsOf(OvsBridge bridge)
    {
        var ports = Replica["Port"];
        var uuids = bridge.Ports.Keys.ToArray();
        return uuids.Select(uuid => ports.Find(uuid.AsGuid)).OfType<Row>().Select(row => new OvsPort(row));
    }
}
