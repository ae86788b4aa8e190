using System.Collections.Concurrent;
using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Realizing;

/// <summary>
/// Which rows chassis have yet to catch up with: what plans of VPCs are told when statuses say how far the data plane is
/// (<c>--report-realized</c>). Remembers only what is under way; that a rule was realized is remembered in its status.
/// </summary>
/// <param name="wake">Told of VPCs that have something to say.</param>
public sealed class RealizationBook(Cluster cluster, OvnDatabases databases, Action<OwnerKey> wake, TimeProvider time)
{
    private readonly ConcurrentDictionary<OwnerKey, PendingRows> _pending = new();

    /// <summary>Has transactions with rows of VPCs numbered, and follows how far chassis are; call once.</summary>
    public void Attach()
    {
        databases.Northbound.AdvancesFor = static owner => owner.Kind == Keys.VpcKind;
        databases.Southbound.ChassisCaughtUp += OnCaughtUp;
    }

    /// <summary>Rows of a VPC are about to be written.</summary>
    public void Write(OwnerKey vpc, Changes changes) => Of(vpc).Write(changes.Written);

    /// <summary>How far chassis are with the rows of a VPC.</summary>
    public IDataPlane DataPlaneOf(OwnerKey vpc) => new View(cluster, databases, Of(vpc));

    /// <summary>Notes what chassis have yet to catch up with: the VPC is looked at again when they have.</summary>
    /// <returns>After which time it is to be looked at if they have not; null for never.</returns>
    public TimeSpan? Await(OwnerKey vpc, ImmutableArray<AwaitedRule> rules)
    {
        var pending = Of(vpc);
        var due = pending.Keep(rules);
        // What a chassis said before it was waited for woke nobody.
        if (rules.Any(rule => rule.Behind.Any(chassis => databases.Southbound.Current.ReachedBy(chassis) >= rule.Sequence))) wake(vpc);
        if (pending.IsEmpty) _pending.TryRemove(vpc, out _);
        return due;
    }

    private PendingRows Of(OwnerKey vpc) => _pending.GetOrAdd(vpc, static (_, time) => new(time), time);

    private void OnCaughtUp(IReadOnlySet<string> chassis)
    {
        if (_pending.IsEmpty) return;
        var southbound = databases.Southbound.Current;
        foreach (var (vpc, pending) in _pending)
        {
            if (chassis.Any(name => southbound.ReachedBy(name) is { } reached && pending.IsAwaiting(name, reached))) wake(vpc);
        }
    }

    private sealed class View(Cluster cluster, OvnDatabases databases, PendingRows pending) : IDataPlane
    {
        private readonly SouthboundSnapshot _southbound = databases.Southbound.Current;
        private readonly long _sequence = databases.Northbound.Global.Sequence;

        public long? ReachedBy(string chassis) => _southbound.ReachedBy(chassis);

        public string? ActiveChassis(string routerPort) => _southbound.ActiveChassis(routerPort);

        public string? ChassisOf(string ip) =>
            cluster.Nodes.Find(cluster.Ips.Find(ip)?.Spec.NodeName)?.Metadata.Annotation(Names.Annotations.Chassis);

        public bool IsPending(ImmutableArray<DesiredRow> rows) => pending.Contains(rows);

        public long SequenceOf(ImmutableArray<DesiredRow> rows) => pending.SequenceOf(rows) ?? _sequence;

        public bool IsOverdue(ImmutableArray<DesiredRow> rows) => pending.IsOverdue(rows);
    }
}
