using System.Collections.Immutable;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>Looks up how far chassis have come with what was committed. Everything is at hand: nothing here waits.</summary>
public interface IDataPlane
{
    /// <summary>The last <c>nb_cfg</c> that a chassis has in its flows (<c>Chassis_Private.nb_cfg</c>, ovn-sb(5)); null when it is not registered.</summary>
    long? ReachedBy(string chassis);

    /// <summary>Name of the chassis that carries a router port now; null when none does.</summary>
    string? ActiveChassis(string routerPort);

    /// <summary>Name of the chassis of the node that the pod of an IP is on; null when it is on none, or nobody knows its chassis.</summary>
    string? ChassisOf(string ip);

    /// <summary>Whether any of these rows was written and has not been seen on its chassis since.</summary>
    bool IsPending(ImmutableArray<DesiredRow> rows);

    /// <summary>The value of <c>NB_Global.nb_cfg</c> (ovn-nb(5)) from which on these rows are part of what a chassis has.</summary>
    long SequenceOf(ImmutableArray<DesiredRow> rows);

    /// <summary>Whether these rows have been waited for so long that people should be told.</summary>
    bool IsOverdue(ImmutableArray<DesiredRow> rows);
}
