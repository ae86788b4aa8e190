using Sluice.Ovsdb;

namespace Sluice.Agent.Ovs;

/// <summary>A row of table Bridge (ovs-vswitchd.conf.db(5)).</summary>
internal readonly record struct OvsBridge(Row Row)
{
    public Guid Uuid => Row.Uuid;

    public string Name => Row["name"].AsString();

    public string DatapathType => Row["datapath_type"].AsString();

    public Value Ports => Row["ports"];

    public Value ExternalIds => Row["external_ids"];

    public Value OtherConfig => Row["other_config"];

    /// <summary>Whether it was made for a provider network: only such bridges may ever be changed or deleted.</summary>
    public bool IsOurs => ExternalIds.Get(OvsIds.Vendor) == OvsIds.KubeOvn;

    public bool Has(OvsPort port) => Ports.Contains(Atom.Of(port.Uuid));
}
