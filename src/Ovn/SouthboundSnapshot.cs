using Sluice.Ovn.Model;
using Sluice.Ovn.Southbound;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>The southbound database at one moment, as far as we look at it. Immutable.</summary>
public sealed class SouthboundSnapshot : ModelSnapshot
{
    /// <summary>The type of the port bindings that stand for a gateway port of a router on its active chassis.</summary>
    internal const string ChassisRedirect = "chassisredirect";

    private const string RedirectPrefix = "cr-";

    internal SouthboundSnapshot(ReplicaSnapshot replica, SchemaBinding binding)
        : base(replica, binding)
    {
    }

    public IEnumerable<Chassis> Chassis => ReadAll<Chassis>().Select(row => row.Row);

    /// <summary>The chassis whose <c>name</c> is the <c>system-id</c> of its Open vSwitch; null when it has not registered.</summary>
    public Chassis? ChassisByName(string name) => ReadByName<Chassis>(name)?.Row;

    /// <summary>A port as ovn-northd and the chassis see it; null when ovn-northd does not know it. Only with ports replicated.</summary>
    public PortBinding? PortBinding(string logicalPort) => ReadByName<PortBinding>(logicalPort)?.Row;

    /// <summary>All ports. Only with ports replicated.</summary>
    public IEnumerable<PortBinding> PortBindings => ReadAll<PortBinding>().Select(row => row.Row);

    /// <summary>The chassis that a port is bound to; null when it is bound to none, or to one that is gone.</summary>
    public Chassis? ChassisOf(PortBinding binding) => binding.Chassis is RowRef.ByUuid(var uuid) ? ReadOne<Chassis>(uuid)?.Row : null;

    /// <summary>The BFD sessions that the chassis are told to hold.</summary>
    public IEnumerable<Bfd> BfdSessions => ReadAll<Bfd>().Select(row => row.Row);

    /// <summary>The addresses at the other ends of the BFD sessions of a router port.</summary>
    public IEnumerable<string> BfdPeers(string routerPort) =>
        BfdSessions.Where(session => session.LogicalPort == routerPort).Select(session => session.DstIp);

    /// <summary>The tunnel endpoints of a chassis.</summary>
    public IEnumerable<Encap> EncapsOf(Chassis chassis) =>
        from reference in chassis.Encaps
        let encap = reference is RowRef.ByUuid(var uuid) ? ReadOne<Encap>(uuid) : null
        where encap is not null
        select encap.Value.Row;

    /// <summary>The last <c>nb_cfg</c> that a chassis has in its flows; null when it has not registered.</summary>
    public long? ReachedBy(string chassis) => ReadByName<ChassisPrivate>(chassis)?.Row.NbCfg;

    /// <summary>
    /// Name of the chassis that carries a router's gateway port now: of those in its Gateway_Chassis rows the first that lives, as the
    /// chassis see it among themselves. Null while none has claimed it.
    /// </summary>
    public string? ActiveChassis(string routerPort) =>
        ReadByName<PortBinding>(RedirectPrefix + routerPort)?.Row.Chassis is RowRef.ByUuid(var uuid) ? ReadOne<Chassis>(uuid)?.Row.Name : null;

    /// <summary>The router port that a port binding of type <see cref="ChassisRedirect"/> stands for.</summary>
    internal static string RouterPortOf(string binding) =>
        binding.StartsWith(RedirectPrefix, StringComparison.Ordinal) ? binding[RedirectPrefix.Length..] : binding;
}
