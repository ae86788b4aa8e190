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
    private readonly VpcSettings _settings;
    private readonly RuleGather _gather;
    private readonly RuleShelf<OvnFip> _fips = new(RulePlans.Fip);
    private readonly RuleShelf<OvnSnatRule> _snatRules = new(RulePlans.Snat);
    private readonly RuleShelf<OvnDnatRule> _dnatRules = new(RulePlans.Dnat);
    private readonly ClaimBook _claims = new();
    private bool _isBuilt;

    public RuleBook(Cluster cluster, VpcSettings settings)
    {
        (_cluster, _settings) = (cluster, settings);
        _gather = new(this);
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
        _cluster.Fips.Informer.Changed += (old, rule) => Put(_fips, _cluster.Fips, _gather.Input, (rule ?? old)!.Metadata.Name);
        _cluster.SnatRules.Informer.Changed += (old, rule) => Put(_snatRules, _cluster.SnatRules, _gather.Input, (rule ?? old)!.Metadata.Name);
        _cluster.DnatRules.Informer.Changed += (old, rule) => Put(_dnatRules, _cluster.DnatRules, _gather.Input, (rule ?? old)!.Metadata.Name);

        On(_cluster.Eips, Relevance.HasMoved, eip => PutAll(Indexes.ByEip, eip.Metadata.Name));
        On(_cluster.Ips, Relevance.HasMoved, ip => PutAll(Indexes.ByIp, ip.Metadata.Name));
        On(_cluster.Vips, Relevance.HasMoved, vip => PutAll(Indexes.ByVip, vip.Metadata.Name));
        On(_cluster.Subnets, Relevance.HasMoved, PutAllIn);
    }

    /// <summary>Enters all rules. The caches must be complete.</summary>
    public void Build()
    {
        lock (_gate) _isBuilt = true;
        foreach (var rule in _cluster.Fips.Snapshot.All) Put(_fips, _cluster.Fips, _gather.Input, rule.Metadata.Name);
        foreach (var rule in _cluster.SnatRules.Snapshot.All) Put(_snatRules, _cluster.SnatRules, _gather.Input, rule.Metadata.Name);
        foreach (var rule in _cluster.DnatRules.Snapshot.All) Put(_dnatRules, _cluster.DnatRules, _gather.Input, rule.Metadata.Name);
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

    OvnEip? IRuleReferences.FindEip(string name) => _cluster.Eips.Find(name);

    Ip? IRuleReferences.FindIp(string name) => _cluster.Ips.Find(name);

    Vip? IRuleReferences.FindVip(string name) => _cluster.Vips.Find(name);

    private static void On<T>(Resource<T> resource, Func<T, T, bool> hasMoved, Action<T> put)
        where T : KubeObject =>
        resource.Informer.Changed += (old, item) =>
        {
            if (old is null || item is null || hasMoved(old, item)) put((item ?? old)!);
        };

    private void PutAll(string index, string name)
    {
        foreach (var rule in _cluster.Fips.Snapshot.ByIndex(index, name)) Put(_fips, _cluster.Fips, _gather.Input, rule.Metadata.Name);
        foreach (var rule in _cluster.SnatRules.Snapshot.ByIndex(index, name)) Put(_snatRules, _cluster.SnatRules, _gather.Input, rule.Metadata.Name);
        foreach (var rule in _cluster.DnatRules.Snapshot.ByIndex(index, name)) Put(_dnatRules, _cluster.DnatRules, _gather.Input, rule.Metadata.Name);
    }

    /// <summary>The rules that lead to a subnet or to addresses in it.</summary>
    private void PutAllIn(Subnet subnet)
    {
        var name = subnet.Metadata.Name;
        foreach (var rule in _cluster.SnatRules.Snapshot.ByIndex(Indexes.BySubnet, name))
            Put(_snatRules, _cluster.SnatRules, _gather.Input, rule.Metadata.Name);
        foreach (var ip in _cluster.Ips.Snapshot.ByIndex(Indexes.BySubnet, name)) PutAll(Indexes.ByIp, ip.Metadata.Name);
        foreach (var vip in _cluster.Vips.Snapshot.ByIndex(Indexes.BySubnet, name)) PutAll(Indexes.ByVip, vip.Metadata.Name);
    }

    /// <summary>
    /// Looks at a rule anew. What it refers to is read inside the lock: of two changes at the same time, whichever is worked off last has
    /// both before it.
    /// </summary>
    private void Put<TRule>(RuleShelf<TRule> shelf, Resource<TRule> resource, Func<TRule, RuleInput<TRule>> gather, string name)
        where TRule : KubeObject
    {
        var key = new OwnerKey(resource.Type.Kind, name);
        RuleMembership? before, now;
        IReadOnlyCollection<string> rivals;
        lock (_gate)
        {
            if (!_isBuilt) return;
            (before, now) = shelf.Put(name, resource.Find(name) is { } rule ? gather(rule) : null, _settings);
            rivals = _claims.Replace(key, before, now);
        }

        foreach (var vpc in rivals.Concat([before?.Vpc, now?.Vpc]).OfType<string>().Distinct(StringComparer.Ordinal)) Affected?.Invoke(Keys.Vpc(vpc));
        if (now is { Vpc: null }) Affected?.Invoke(key);
    }
}
