using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan.Vpcs;

namespace Sluice.Controller.Rules;

/// <summary>
/// Which VPC each rule belongs to, and what it refers to. Follows the caches, so that the rules of a VPC, of which there may be thousands,
/// are at hand when its plan asks for them, and none is looked up that has not changed.
/// </summary>
public sealed class RuleBook : IRuleReferences
{
    private readonly Lock _gate = new();
    private readonly Cluster _cluster;
    private readonly RuleShelf<OvnFip> _fips;
    private readonly RuleShelf<OvnSnatRule> _snatRules;
    private readonly RuleShelf<OvnDnatRule> _dnatRules;
    private readonly Func<string, OvnEip?> _findEip;
    private readonly ClaimBook _claims = new();
    private bool _isBuilt;

    /// <param name="findEip">Finds one by name, with the addresses that rules may use.</param>
    public RuleBook(Cluster cluster, VpcSettings settings, Func<string, OvnEip?> findEip)
    {
        (_cluster, _findEip) = (cluster, findEip);
        var gather = new RuleGather(this);
        _fips = new(cluster.Fips, RulePlans.Fip, gather.Input, settings);
        _snatRules = new(cluster.SnatRules, RulePlans.Snat, gather.Input, settings);
        _dnatRules = new(cluster.DnatRules, RulePlans.Dnat, gather.Input, settings);
    }

    /// <summary>A VPC has other rules now, or rules that refer to something else, or a rule belongs to none.</summary>
    public event Action<OwnerKey>? Affected;

    /// <summary>The keys of all VPCs that rules belong to, whether they exist or not, and of the rules that belong to none.</summary>
    public IReadOnlyCollection<OwnerKey> AllKeys()
    {
        lock (_gate)
        {
            var vpcs = _fips.Vpcs.Union(_snatRules.Vpcs, StringComparer.Ordinal).Union(_dnatRules.Vpcs, StringComparer.Ordinal);
            return
            [
                .. vpcs.Select(Keys.Vpc),
                .. _fips.Unowned.Select(name => new OwnerKey(nameof(OvnFip), name)),
                .. _snatRules.Unowned.Select(name => new OwnerKey(nameof(OvnSnatRule), name)),
                .. _dnatRules.Unowned.Select(name => new OwnerKey(nameof(OvnDnatRule), name)),
            ];
        }
    }

    /// <summary>Follows the caches; call once, before they start.</summary>
    public void Attach()
    {
        Follow(_fips);
        Follow(_snatRules);
        Follow(_dnatRules);
        On(_cluster.Eips, Relevance.HasMoved, eip => RefreshBy(Indexes.ByEip, eip.Metadata.Name));
        On(_cluster.Ips, Relevance.HasMoved, ip => RefreshBy(Indexes.ByIp, ip.Metadata.Name));
        On(_cluster.Vips, Relevance.HasMoved, vip => RefreshBy(Indexes.ByVip, vip.Metadata.Name));
        On(_cluster.Subnets, Relevance.HasMoved, RefreshIn);
    }

    /// <summary>Enters all rules. The caches must be complete.</summary>
    public void Build()
    {
        lock (_gate) _isBuilt = true;
        RefreshAll(_fips, _cluster.Fips.Snapshot.All);
        RefreshAll(_snatRules, _cluster.SnatRules.Snapshot.All);
        RefreshAll(_dnatRules, _cluster.DnatRules.Snapshot.All);
    }

    public ImmutableArray<RuleInput<OvnFip>> FipsOf(string vpc)
    {
        lock (_gate) return _fips.Of(vpc);
    }

    public ImmutableArray<RuleInput<OvnSnatRule>> SnatRulesOf(string vpc)
    {
        lock (_gate) return _snatRules.Of(vpc);
    }

    public ImmutableArray<RuleInput<OvnDnatRule>> DnatRulesOf(string vpc)
    {
        lock (_gate) return _dnatRules.Of(vpc);
    }

    /// <summary>See <see cref="VpcInput.OtherClaims"/>.</summary>
    public ImmutableArray<EipClaim> OtherClaims(string vpc)
    {
        lock (_gate) return _claims.Others(vpc);
    }

    /// <summary>A FIP that belongs to no VPC, or null.</summary>
    public RuleInput<OvnFip>? FindUnownedFip(string name)
    {
        lock (_gate) return _fips.FindUnowned(name);
    }

    /// <summary>A SNAT rule that belongs to no VPC, or null.</summary>
    public RuleInput<OvnSnatRule>? FindUnownedSnatRule(string name)
    {
        lock (_gate) return _snatRules.FindUnowned(name);
    }

    /// <summary>A DNAT rule that belongs to no VPC, or null.</summary>
    public RuleInput<OvnDnatRule>? FindUnownedDnatRule(string name)
    {
        lock (_gate) return _dnatRules.FindUnowned(name);
    }

    Subnet? IRuleReferences.FindSubnet(string name) => _cluster.Subnets.Find(name);

    OvnEip? IRuleReferences.FindEip(string name) => _findEip(name);

    Ip? IRuleReferences.FindIp(string name) => _cluster.Ips.Find(name);

    Vip? IRuleReferences.FindVip(string name) => _cluster.Vips.Find(name);

    private void Follow<TRule>(RuleShelf<TRule> shelf)
        where TRule : KubeObject =>
        shelf.Resource.Informer.Changed += (old, rule) => Refresh(shelf, (rule ?? old)!.Metadata.Name);

    private static void On<T>(Resource<T> resource, Func<T, T, bool> hasMoved, Action<T> refresh)
        where T : KubeObject =>
        resource.Informer.Changed += (old, item) =>
        {
            if (old is null || item is null || hasMoved(old, item)) refresh((item ?? old)!);
        };

    private void RefreshBy(string index, string name)
    {
        RefreshAll(_fips, _cluster.Fips.Snapshot.ByIndex(index, name));
        RefreshAll(_snatRules, _cluster.SnatRules.Snapshot.ByIndex(index, name));
        RefreshAll(_dnatRules, _cluster.DnatRules.Snapshot.ByIndex(index, name));
    }

    /// <summary>The rules that lead to a subnet or to addresses in it.</summary>
    private void RefreshIn(Subnet subnet)
    {
        var name = subnet.Metadata.Name;
        RefreshAll(_snatRules, _cluster.SnatRules.Snapshot.ByIndex(Indexes.BySubnet, name));
        foreach (var ip in _cluster.Ips.Snapshot.ByIndex(Indexes.BySubnet, name)) RefreshBy(Indexes.ByIp, ip.Metadata.Name);
        foreach (var vip in _cluster.Vips.Snapshot.ByIndex(Indexes.BySubnet, name)) RefreshBy(Indexes.ByVip, vip.Metadata.Name);
    }

    private void RefreshAll<TRule>(RuleShelf<TRule> shelf, IEnumerable<TRule> rules)
        where TRule : KubeObject
    {
        foreach (var rule in rules) Refresh(shelf, rule.Metadata.Name);
    }

    /// <summary>
    /// Looks at a rule anew, and at what it refers to, inside the lock: of two changes at the same time, whichever is worked off last has
    /// both before it.
    /// </summary>
    private void Refresh<TRule>(RuleShelf<TRule> shelf, string name)
        where TRule : KubeObject
    {
        var key = new OwnerKey(shelf.Resource.Type.Kind, name);
        var affected = new HashSet<string>(StringComparer.Ordinal);
        RuleMembership? now;
        lock (_gate)
        {
            if (!_isBuilt) return;
            (var before, now) = shelf.Refresh(name);
            affected.UnionWith(_claims.Replace(key, before, now));
            if (before?.Vpc is { } former) affected.Add(former);
            if (now?.Vpc is { } vpc) affected.Add(vpc);
        }

        foreach (var vpc in affected) Affected?.Invoke(Keys.Vpc(vpc));
        if (now is { Vpc: null }) Affected?.Invoke(key);
    }
}
