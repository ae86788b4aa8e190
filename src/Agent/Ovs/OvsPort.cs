using Sluice.Ovsdb;

namespace Sluice.Agent.Ovs;

/// <summary>A row of table Port (ovs-vswitchd.conf.db(5)).</summary>
internal readonly record struct OvsPort(Row Row)
{
    public Guid Uuid => Row.Uuid;

    public string Name => Row["name"].AsString();

    public Value ExternalIds => Row["external_ids"];

    public Value Trunks => Row["trunks"];

    public bool IsOurs => ExternalIds.Get(OvsIds.Vendor) == OvsIds.KubeOvn;
}
