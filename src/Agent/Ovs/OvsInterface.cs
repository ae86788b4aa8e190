using Sluice.Ovsdb;

namespace Sluice.Agent.Ovs;

/// <summary>A row of table Interface (ovs-vswitchd.conf.db(5)).</summary>
internal readonly record struct OvsInterface(Row Row)
{
    public Guid Uuid => Row.Uuid;

    public string Name => Row["name"].AsString();

    public string Type => Row["type"].AsString();

    public Value ExternalIds => Row["external_ids"];

    /// <summary>Its number in the bridge: null until ovs-vswitchd has tried to open it, -1 when that failed.</summary>
    public long? OpenFlowPort => Row["ofport"] is { IsEmpty: false } value ? value.AsLong() : null;

    /// <summary>Why ovs-vswitchd could not open it.</summary>
    public string? Error => Row["error"].AsStringOrNull();

    public bool IsOurs => ExternalIds.Get(OvsIds.Vendor) == OvsIds.KubeOvn;

    /// <summary>Whether ovn-controller has installed all flows of the port.</summary>
    public bool IsInstalled => ExternalIds.Get(OvsIds.OvnInstalled) == "true";
}
