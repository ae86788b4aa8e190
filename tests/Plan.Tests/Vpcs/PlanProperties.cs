using System.Globalization;
using FsCheck.Xunit;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>What holds for plans of any objects: few OvnEips, ports and pods, so that rules get into each other's way.</summary>
public sealed class PlanProperties
{
    private static readonly string[] VpcNames = ["vpc", "other"];

    [Property(MaxTest = 150)]
    public void The_order_of_objects_and_events_does_not_matter(int seed)
    {
        var expected = Settled(seed, objects => objects);
        var random = new Random(seed + 1);
        var shuffled = Settled(seed, objects => objects.OrderBy(_ => random.Next()));
        Text(shuffled).ShouldBe(Text(expected));
    }

    [Property(MaxTest = 150)]
    public void What_was_remembered_makes_no_difference(int seed)
    {
        var world = Worlds(seed, out var random);
        world.Settle();
        for (var step = 0; step < 5; step++)
        {
            Disturb(world, random);
            foreach (var vpc in world.VpcKeys()) world.Reconcile(vpc);
        }
        world.Settle();
        foreach (var vpc in world.VpcKeys())
        {
            VpcPlan.For(world.Input(vpc)).Rows.ShouldBe(world.Rows.GetValueOrDefault(vpc) ?? [], ignoreOrder: true);
        }
    }

    [Property(MaxTest = 150)]
    public void Nothing_is_given_to_two(int seed)
    {
        var rows = Settled(seed, objects => objects).Rows.Values.SelectMany(rows => rows).ToList();

        var floating = rows.Select(row => row.Row).OfType<Nat>().Where(nat => nat.Type == Nat.TypeValue.DnatAndSnat).Select(nat => nat.ExternalIp);
        floating.ShouldBeUnique();
        var ports = rows.Select(row => row.Row).OfType<LoadBalancer>().SelectMany(lb => lb.Vips.Select(vip => $"{lb.Protocol} {vip.Key}"));
        ports.ShouldBeUnique();
        var owners = from row in rows
                     from address in row.Row switch
                     {
                         Nat nat => [nat.ExternalIp],
                         LoadBalancer lb => lb.Vips.Select(vip => vip.Key.Split(':')[0]),
                         _ => Enumerable.Empty<string>(),
                     }
                     group row.Id.Owner by address into uses
                     select uses.Distinct().Count();
        owners.ShouldAllBe(count => count == 1);
    }

    /// <summary>OVN takes either of two translations of one source on one port of a router.</summary>
    [Property(MaxTest = 150)]
    public void What_a_source_sends_has_one_address(int seed)
    {
        var rows = Settled(seed, objects => objects).Rows.Values.SelectMany(rows => rows);

        var addresses = from row in rows
                        let nat = row.Row as Nat
                        where nat is not null
                        group nat.ExternalIp by (row.Id.Owner, nat.GatewayPort, nat.LogicalIp) into source
                        select source.Distinct().Count();
        addresses.ShouldAllBe(count => count == 1);
    }

    [Property(MaxTest = 150)]
    public void A_rule_is_ready_or_says_why_and_rows_belong_to_ready_rules(int seed)
    {
        var world = Settled(seed, objects => objects);
        var rules = world.Fips.Values.Cast<KubeObject>().Concat(world.SnatRules.Values).Concat(world.DnatRules.Values).ToList();
        var withRows = world.Rows.Values.SelectMany(rows => rows)
            .Select(row => row.Id.Name.Split('/'))
            .Where(name => name[0] is "nat" or "lb")
            .Select(name => $"{name[1]}/{name[2]}")
            .ToHashSet();
        foreach (var rule in rules)
        {
            var ready = ((IHasStatus)rule).Status!.Conditions.Find(ConditionTypes.Ready)!;
            withRows.Contains($"{rule.Kind}/{rule.Metadata.Name}").ShouldBe(ready.Status == ConditionStatus.True);
            (ready.Status == ConditionStatus.True || ready is { Reason.Length: > 0, Message.Length: > 0 }).ShouldBeTrue();
            if (ready.Status == ConditionStatus.True) rule.Metadata.HasFinalizer(Names.Finalizer).ShouldBeTrue();
        }
    }

    [Property(MaxTest = 150)]
    public void Of_those_who_want_the_same_the_first_has_it(int seed)
    {
        var world = Settled(seed, objects => objects);
        foreach (var lost in world.DnatRules.Values)
        {
            if (lost.Status!.Conditions.Find(ConditionTypes.Ready)!.Reason != Reasons.Conflict) continue;
            world.Fips.Values.Cast<KubeObject>().Concat(world.SnatRules.Values).Concat(world.DnatRules.Values)
                .Any(rule => EipOf(rule) == lost.Spec.OvnEip && First(rule, lost) < 0)
                .ShouldBeTrue();
        }

        static int First(KubeObject a, KubeObject b)
        {
            var order = Nullable.Compare(a.Metadata.CreationTimestamp, b.Metadata.CreationTimestamp);
            if (order == 0) order = string.CompareOrdinal(a.Metadata.Name, b.Metadata.Name);
            return order != 0 ? order : string.CompareOrdinal(a.Kind, b.Kind);
        }
    }

    [Property(MaxTest = 100)]
    public void When_all_is_deleted_in_any_order_nothing_is_left(int seed)
    {
        var world = Settled(seed, objects => objects);
        var random = new Random(seed);
        var deletions = new List<Action>();
        deletions.AddRange(world.Fips.Keys.Select<string, Action>(name => () => world.Delete(world.Fips, name)));
        deletions.AddRange(world.SnatRules.Keys.Select<string, Action>(name => () => world.Delete(world.SnatRules, name)));
        deletions.AddRange(world.DnatRules.Keys.Select<string, Action>(name => () => world.Delete(world.DnatRules, name)));
        deletions.AddRange(world.Vpcs.Keys.Select<string, Action>(name => () => world.Delete(world.Vpcs, name)));
        deletions.AddRange(world.Subnets.Keys.Select<string, Action>(name => () => world.Subnets.Remove(name)));
        deletions.AddRange(world.Ips.Keys.Select<string, Action>(name => () => world.Ips.Remove(name)));
        foreach (var delete in deletions.OrderBy(_ => random.Next()).ToList())
        {
            delete();
            if (random.Next(3) == 0) world.Settle();
        }
        world.Settle();

        world.Rows.ShouldBeEmpty();
        world.Fips.ShouldBeEmpty();
        world.SnatRules.ShouldBeEmpty();
        world.DnatRules.ShouldBeEmpty();
        world.Vpcs.ShouldBeEmpty();
    }

    private static World Settled(int seed, Func<IEnumerable<object>, IEnumerable<object>> order)
    {
        var world = Worlds(seed, out _);
        world.Order = order;
        world.Settle();
        return world;
    }

    private static World Worlds(int seed, out Random random)
    {
        random = new Random(seed);
        var world = Vpcs.Worlds.WithExternalSubnet(VpcNames);
        for (var i = 1; i <= 3; i++)
        {
            var id = i.ToString(CultureInfo.InvariantCulture);
            Vpcs.Worlds.AddEip(world, $"eip-{id}", $"100.64.0.{id}");
            Vpcs.Worlds.AddPod(world, $"pod-{id}", $"inner-{VpcNames[i % 2]}", $"10.0.0.{id}");
        }
        for (var i = 0; i < 8; i++) AddRule(world, random, random.Next(100, 200));
        return world;
    }

    private static void AddRule(World world, Random random, int number)
    {
        var metadata = new ObjectMeta
        {
            Name = number.ToString(CultureInfo.InvariantCulture),
            CreationTimestamp = Vpcs.Worlds.Start.AddSeconds(random.Next(3)),
        };
        var (eip, pod) = ($"eip-{random.Next(1, 5)}", $"pod-{random.Next(1, 5)}");
        switch (random.Next(3))
        {
            case 0:
                var type = random.Next(2) == 0 ? GatewayTypes.Centralized : null;
                world.Fips[metadata.Name] = new OvnFip { Metadata = metadata, Spec = new() { OvnEip = eip, IpName = pod, Type = type } };
                break;
            case 1:
                var subnet = random.Next(2) == 0 ? $"inner-{VpcNames[random.Next(2)]}" : null;
                var source = new OvnSnatRuleSpec { OvnEip = eip, VpcSubnet = subnet, IpName = subnet is null ? pod : null };
                world.SnatRules[metadata.Name] = new OvnSnatRule { Metadata = metadata, Spec = source };
                break;
            default:
                var port = random.Next(1, 3).ToString(CultureInfo.InvariantCulture);
                var target = new OvnDnatRuleSpec
                {
                    OvnEip = eip, IpName = pod, Protocol = random.Next(2) == 0 ? "tcp" : "UDP", ExternalPort = port, InternalPort = "80",
                };
                world.DnatRules[metadata.Name] = new OvnDnatRule { Metadata = metadata, Spec = target };
                break;
        }
    }

    private static void Disturb(World world, Random random)
    {
        switch (random.Next(5))
        {
            case 0: AddRule(world, random, random.Next(100, 200)); break;
            case 1 when world.Fips.Count > 0: world.Fips.Remove(world.Fips.Keys.ElementAt(random.Next(world.Fips.Count))); break;
            case 2 when world.DnatRules.Count > 0:
                world.DnatRules.Remove(world.DnatRules.Keys.ElementAt(random.Next(world.DnatRules.Count)));
                break;
            case 3 when world.Ips.Count > 0: world.Ips.Remove(world.Ips.Keys.ElementAt(random.Next(world.Ips.Count))); break;
            default:
                var vpc = world.Vpcs["vpc"];
                world.Vpcs["vpc"] = vpc with { Spec = vpc.Spec with { EnableExternal = vpc.Spec.EnableExternal != true } };
                break;
        }
    }

    private static string? EipOf(KubeObject rule) => rule switch
    {
        OvnFip fip => fip.Spec.OvnEip,
        OvnSnatRule snat => snat.Spec.OvnEip,
        OvnDnatRule dnat => dnat.Spec.OvnEip,
        _ => null,
    };

    private static string Text(World world) =>
        RowText.Of(world.Rows.Values.SelectMany(rows => rows))
        + string.Join('\n', world.Fips.Values.OrderBy(rule => rule.Metadata.Name, StringComparer.Ordinal).Select(rule => rule.Status))
        + string.Join('\n', world.SnatRules.Values.OrderBy(rule => rule.Metadata.Name, StringComparer.Ordinal).Select(rule => rule.Status))
        + string.Join('\n', world.DnatRules.Values.OrderBy(rule => rule.Metadata.Name, StringComparer.Ordinal).Select(rule => rule.Status));
}
