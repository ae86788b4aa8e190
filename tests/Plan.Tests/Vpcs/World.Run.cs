using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan.Addressing;
using Sluice.Plan.Nodes;
using Sluice.Plan.Vpcs;
using Refusal = Sluice.Plan.Vpcs.Refusal;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>The controllers of the world.</summary>
internal sealed partial class World
{
    private readonly Dictionary<string, VpcPlanMemory> _memories = [];
    private readonly Dictionary<string, SubnetPool> _pools = [];
    private int _changes;

    /// <summary>Works on every key until a round changes nothing.</summary>
    public void Settle()
    {
        for (var round = 0; round < 20; round++)
        {
            _changes = 0;
            LabelNodes();
            AllocateEips();
            Describe(Fips, RulePlans.Fip, Rules.Input);
            Describe(SnatRules, RulePlans.Snat, Rules.Input);
            Describe(DnatRules, RulePlans.Dnat, Rules.Input);
            foreach (var vpc in VpcKeys()) Reconcile(vpc);
            if (_changes == 0) return;
        }
        throw new InvalidOperationException("the plans never come to rest");
    }

    /// <summary>The keys that a controller would work on: of objects, of what rules name, and of rows that are left.</summary>
    public IReadOnlyList<string> VpcKeys() =>
    [
        .. Vpcs.Keys.Concat(Memberships().Select(rule => rule.Vpc).OfType<string>()).Concat(Rows.Keys)
            .Concat(Eips.Values.Select(eip => RouterPortNames.VpcOf(eip.Metadata.Name, AddressOwner(eip))).OfType<string>())
            .Distinct().Order(StringComparer.Ordinal),
    ];

    public VpcInput Input(string vpc) => new VpcGather(this).For(vpc);

    /// <summary>What pods do not get, as the plan of the default VPC tells in Events.</summary>
    public IReadOnlyList<PodRefusal> PodRefusals() => VpcPlan.For(Input(Settings.DefaultVpc)).PodRefusals;

    /// <summary>What a reconciler does, with each effect applied at once.</summary>
    public void Reconcile(string vpc)
    {
        if (!_memories.TryGetValue(vpc, out var memory)) _memories.Add(vpc, memory = new());
        var plan = VpcPlan.For(Input(vpc), memory);
        if (!plan.Before.IsEmpty)
        {
            Apply(plan.Before);
            plan = VpcPlan.For(Input(vpc), memory);
        }
        if (!plan.Rows.ToHashSet().SetEquals(Rows.GetValueOrDefault(vpc) ?? [])) _changes++;
        if (plan.Rows.IsEmpty) Rows.Remove(vpc);
        else Rows[vpc] = plan.Rows;
        Apply(plan.After(Differences(plan.Rows)));
    }

    /// <summary>What of the rows can not be written: those whose switch does not exist, or whose place is taken.</summary>
    public Changes Differences(IEnumerable<DesiredRow> rows)
    {
        var missing = rows.SelectMany(row => row.Attachments).Select(attachment => attachment.Parent).OfType<RowRef.ByName>()
            .Where(parent => MissingSwitches.Contains(parent.Name) || !Subnets.ContainsKey(parent.Name));
        var conflicts = rows.Where(row => TakenRows.Contains(row.Id.Name))
            .Select(row => new RowConflict(row.Id, row.Row.GetType().Name, Guid.Empty, row.Id.Name, null));
        return new([], [.. missing], [], [.. conflicts], 0, 0, 0, 0);
    }

    public void Delete<T>(Dictionary<string, T> objects, string name)
        where T : KubeObject
    {
        KubeObject item = objects[name];
        Put(objects, (T)(item with { Metadata = item.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } }));
    }

    /// <summary>What the reconcilers of rules do.</summary>
    private void Describe<T>(Dictionary<string, T> objects, RulePlan<T> plan, Func<T, RuleInput<T>> gather)
        where T : KubeObject
    {
        foreach (var input in objects.Values.Select(gather).ToList())
        {
            if (plan.Membership(input, Settings).Vpc is null && plan.Unowned(input, Settings) is { } change) Put(objects, change.Desired);
        }
    }

    private void Apply(VpcChanges changes)
    {
        if (changes.Vpc is { } vpc) Put(Vpcs, vpc.Desired);
        foreach (var change in changes.Fips) Put(Fips, change.Desired);
        foreach (var change in changes.SnatRules) Put(SnatRules, change.Desired);
        foreach (var change in changes.DnatRules) Put(DnatRules, change.Desired);
        foreach (var eip in changes.CreateEips) Put(Eips, eip);
        foreach (var change in changes.ChangeEips) Put(Eips, change.Desired);
        foreach (var eip in changes.DeleteEips)
        {
            Eips.Remove(eip.Metadata.Name);
            _pools.GetValueOrDefault(AddressOwner(eip))?.Release(eip.Metadata.Name);
            _changes++;
        }
    }

    private void Put<T>(Dictionary<string, T> objects, T item)
        where T : KubeObject
    {
        _changes++;
        if (item.Metadata.IsDeleting && item.Metadata.Finalizers is null or { Count: 0 }) objects.Remove(item.Metadata.Name);
        else objects[item.Metadata.Name] = item;
    }

    IReadOnlyDictionary<IpAddress, Refusal> IVpcObjects.Reserve(IReadOnlyList<PodAddress> addresses)
    {
        var refusals = new Dictionary<IpAddress, Refusal>();
        if (!_pools.TryGetValue(Settings.DefaultExternalSubnet, out var pool)) return refusals;
        foreach (var address in addresses)
        {
            if (address.ReserveIn(pool) is { } refusal) refusals[address.Address] = refusal;
        }
        return refusals;
    }

    private void LabelNodes()
    {
        foreach (var node in Nodes.Values.ToList())
        {
            var (labels, marks) = ExternalGatewayLabels.For(node, Settings.Gateway);
            var metadata = node.Metadata;
            foreach (var (key, value) in labels) metadata = metadata.WithLabel(key, value!);
            foreach (var (key, value) in marks) metadata = metadata.WithAnnotation(key, value);
            if (metadata != node.Metadata) Put(Nodes, node with { Metadata = metadata });
        }
    }

    private void AllocateEips()
    {
        var owners = from eip in Eips.Values
                     where Subnets.ContainsKey(AddressOwner(eip))
                     orderby eip.Status?.V4Ip is null, eip.Metadata.CreationTimestamp, eip.Metadata.Name
                     select eip;
        foreach (var eip in owners.ToList())
        {
            var name = AddressOwner(eip);
            SubnetAddresses.TryRead(Subnets[name].Spec, out var addresses, out _);
            if (!_pools.TryGetValue(name, out var pool)) _pools.Add(name, pool = new(addresses));
            var wanted = new DualStack<IpAddress>(Read(eip.Spec.V4Ip ?? eip.Status?.V4Ip), Read(eip.Spec.V6Ip ?? eip.Status?.V6Ip));
            var mac = MacAddress.TryParse(eip.Spec.MacAddress ?? eip.Status?.MacAddress, out var parsed) ? parsed : default(MacAddress?);
            var request = new LeaseRequest { MacSeed = "", Addresses = wanted, Mac = mac };
            if (!pool.TryAcquire(eip.Metadata.Name, request, out var lease, out _)) continue;
            if (eip is { Status: not null, Spec: { V4Ip: null, V6Ip: null, MacAddress: null } }) continue;

            var status = new OvnEipStatus
            {
                V4Ip = lease!.Addresses.V4?.ToString(),
                V6Ip = lease.Addresses.V6?.ToString(),
                MacAddress = lease.Mac.ToString(),
                Type = eip.Spec.Type ?? EipTypes.Nat,
                Ready = true,
            };
            if (eip.Status is { } known) status = known with { V4Ip = status.V4Ip, V6Ip = status.V6Ip, MacAddress = status.MacAddress };
            if (status != eip.Status) Put(Eips, eip with { Status = status });
        }
    }

    private static IpAddress? Read(string? text) => IpAddress.TryParse(text, out var address) ? address : null;
}
