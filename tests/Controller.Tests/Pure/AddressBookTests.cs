using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Kube.Core;
using Sluice.Ovn;
using Sluice.Plan.Addresses;

namespace Sluice.Controller.Tests.Pure;

public sealed class AddressBookTests : IDisposable
{
    private readonly CachedCluster _world = new();
    private readonly AddressBook _book;
    private readonly List<OwnerKey> _freed = [];
    private readonly List<string> _used = [];

    public AddressBookTests()
    {
        _book = new AddressBook(_world.Cluster);
        _book.Attach();
        _book.Freed += _freed.Add;
        _book.UsageChanged += _used.Add;
        PutSubnet("10.9.0.0/29");
    }

    public void Dispose() => _world.Dispose();

    [Fact]
    public void What_objects_have_is_entered_before_anything_is_given_out()
    {
        // The newcomer is older: what is stored comes first all the same.
        var newcomer = PutEip("newcomer", created: 1);
        PutEip("asks", v4: "10.9.0.3", created: 3);
        PutEip("has", stored: "10.9.0.2", created: 4);
        _book.Build([]);

        Claim(newcomer).ShouldBe("10.9.0.4");
        Claim("asks").ShouldBe("10.9.0.3");
        Claim("has").ShouldBe("10.9.0.2");
    }

    [Fact]
    public void Of_two_that_have_the_same_address_the_older_keeps_it()
    {
        PutEip("younger", stored: "10.9.0.2", created: 2);
        PutEip("older", stored: "10.9.0.2", created: 1);
        _book.Build([]);

        Claim("older").ShouldBe("10.9.0.2");
        Refusal("younger").ShouldBe("spec.v4Ip: 10.9.0.2 is taken by OvnEip/older");
    }

    [Fact]
    public void What_only_annotations_say_counts_after_what_objects_say()
    {
        PutPod("thief", "10.9.0.2", created: 1);
        PutPod("lost", "10.9.0.5", created: 9);
        PutEip("has", stored: "10.9.0.2", created: 4);
        PutEip("asks", v4: "10.9.0.5", created: 3);
        _book.Build([]);

        Claim("has").ShouldBe("10.9.0.2");
        _book.LeaseOf(Keys.Ip("thief.default")).ShouldBeNull();
        _book.LeaseOf(Keys.Ip("lost.default"))!.Addresses.ToString().ShouldBe("10.9.0.5", "the pod runs, and the OvnEip does not have it yet");
    }

    [Fact]
    public void What_labels_name_is_kept_when_nobody_else_has_it()
    {
        // The controller that wrote the labels, or had them written at admission, ended before it wrote statuses.
        PutEip("older", created: 1);
        PutLabelled("free", "10.9.0.4");
        PutLabelled("had", "10.9.0.2");
        PutEip("has", stored: "10.9.0.2", created: 9);
        PutLabelled("outside", "10.8.0.1");
        PutEip("asks", v4: "10.9.0.4", created: 1);
        _book.Build([]);

        Claim("older").ShouldBe("10.9.0.3");
        Claim("free").ShouldBe("10.9.0.4");
        Claim("has").ShouldBe("10.9.0.2");
        Claim("had").ShouldBe("10.9.0.5");
        Claim("outside").ShouldBe("10.9.0.6");
        Refusal("asks").ShouldBe("spec.v4Ip: 10.9.0.4 is taken by OvnEip/free");
    }

    [Fact]
    public void An_address_that_was_given_is_not_given_again_while_the_object_does_not_show_it_yet()
    {
        _book.Build([]);
        var first = PutEip("first");
        Claim(first).ShouldBe("10.9.0.2");

        // Its labels were stored, its status was not.
        _world.Put(_world.Cluster.Eips, first with { Metadata = first.Metadata with { Labels = new Dictionary<string, string> { ["a"] = "b" } } });
        PutEip("second");
        Claim("second").ShouldBe("10.9.0.3");
        Claim("first").ShouldBe("10.9.0.2");
    }

    [Fact]
    public void An_address_that_is_asked_for_is_set_aside_as_soon_as_the_object_is_seen()
    {
        _book.Build([]);
        PutEip("asks", v4: "10.9.0.2");
        PutEip("any");

        Claim("any").ShouldBe("10.9.0.3");
        Claim("asks").ShouldBe("10.9.0.2");
    }

    [Fact]
    public void Who_was_refused_is_told_when_an_address_comes_back()
    {
        _book.Build([]);
        foreach (var name in (string[])["a", "b", "c", "d", "e"]) Claim(PutEip(name));
        Refusal(PutEip("f").Metadata.Name).ShouldBe("spec.externalSubnet: no address of 10.9.0.0/29 is left");
        _freed.ShouldBeEmpty();

        _world.Remove(_world.Cluster.Eips, _world.Cluster.Eips.Find("c")!);
        _freed.ShouldBe([Keys.OvnEip("f")]);
        _used.Last().ShouldBe("external204");
        Claim("f").ShouldBe("10.9.0.4");
    }

    [Fact]
    public void Who_waits_for_a_subnet_is_told_when_it_comes()
    {
        _book.Build([]);
        var eip = PutEip("early", subnet: "later");
        Refusal("early").ShouldBe("spec.externalSubnet: Subnet \"later\" does not exist");

        PutSubnet("10.8.0.0/24", "later");
        _freed.ShouldBe([Keys.OvnEip("early")]);
        Claim(eip).ShouldBe("10.8.0.2");
    }

    [Fact]
    public void An_object_that_came_before_its_subnet_has_its_address_there()
    {
        PutEip("early", stored: "10.8.0.7", subnet: "later");
        _book.Build([]);
        PutSubnet("10.8.0.0/24", "later");
        PutEip("asks-for-the-same", v4: "10.8.0.7", subnet: "later");

        Refusal("asks-for-the-same").ShouldBe("spec.v4Ip: 10.8.0.7 is taken by OvnEip/early");
    }

    [Fact]
    public void A_subnet_that_grows_keeps_what_it_gave()
    {
        _book.Build([]);
        Claim(PutEip("a")).ShouldBe("10.9.0.2");
        PutSubnet("10.9.0.0/24");

        Claim("a").ShouldBe("10.9.0.2");
        _book.UsageOf("external204")!.V4!.Available.ShouldBe(252);
    }

    [Fact]
    public void An_object_may_ask_for_another_address_and_its_former_one_comes_back()
    {
        _book.Build([]);
        var eip = PutEip("a");
        Claim(eip).ShouldBe("10.9.0.2");
        _world.Put(_world.Cluster.Eips, eip with { Spec = eip.Spec with { V4Ip = "10.9.0.5" } });
        Claim("a").ShouldBe("10.9.0.5");

        PutEip("b", v4: "10.9.0.2");
        Claim("b").ShouldBe("10.9.0.2");
    }

    [Fact]
    public void What_an_object_was_given_but_never_showed_comes_back_when_its_next_spec_is_refused()
    {
        PutSubnet("10.8.0.0/24", "other");
        _book.Build([]);
        var (a, b) = (PutEip("a"), PutEip("b"));
        Claim(a).ShouldBe("10.9.0.2");
        Claim(b).ShouldBe("10.9.0.3");
        Claim(PutEip("c")).ShouldBe("10.9.0.4");

        _world.Put(_world.Cluster.Eips, a with { Spec = a.Spec with { V4Ip = "10.9.0.4" } });
        Refusal("a").ShouldBe("spec.v4Ip: 10.9.0.4 is taken by OvnEip/c");
        _world.Put(_world.Cluster.Eips, b with { Spec = b.Spec with { ExternalSubnet = "other", V4Ip = "10.9.0.3" } });
        Refusal("b").ShouldBe("spec.v4Ip: 10.9.0.3 is not a host address of 10.8.0.0/24 in Subnet \"other\"");

        _book.UsageOf("external204")!.V4!.UsingRange.ShouldBe("10.9.0.4");
        _used.Last().ShouldBe("external204");
    }

    [Fact]
    public void What_an_object_has_stored_is_kept_when_its_next_spec_is_refused()
    {
        PutEip("a", v4: "10.9.0.4", stored: "10.9.0.2", created: 2);
        PutEip("c", stored: "10.9.0.4", created: 3);
        _book.Build([]);

        var grant = Grant("a");
        grant.Text(Plan.Addressing.IpFamily.V4).ShouldBe("10.9.0.2");
        grant.Refusal!.Message.ShouldBe("spec.v4Ip: 10.9.0.4 is taken by OvnEip/c");
    }

    [Fact]
    public void A_port_that_moves_has_both_addresses_until_its_record_says_so()
    {
        PutSubnet("10.8.0.0/24", "other");
        _book.Build([]);
        var ip = _world.Put(_world.Cluster.Ips, Ip("web.default", "external204", "10.9.0.2"));
        _book.ClaimFor(Keys.Port("default", "web"), AddressClaims.ForNewIp("web.default", "other", ip.Metadata)).Lease.ShouldNotBeNull();

        Refusal(PutEip("asks", v4: "10.9.0.2").Metadata.Name).ShouldBe("spec.v4Ip: 10.9.0.2 is taken by IP/web.default");
        _world.Put(_world.Cluster.Ips, ip with { Spec = Ip("", "other", "10.8.0.2").Spec });
        Claim("asks").ShouldBe("10.9.0.2");
    }

    [Fact]
    public void What_was_meant_for_an_object_that_never_came_can_be_taken_back()
    {
        _book.Build([]);
        ClaimForPod().ShouldBe("10.9.0.2");
        _book.Release(Keys.Ip("web.default"));

        _book.UsageOf("external204")!.V4!.Using.ShouldBe(0);
    }

    [Fact]
    public void What_was_meant_for_an_object_that_came_meanwhile_is_not_taken_back()
    {
        _book.Build([]);
        ClaimForPod().ShouldBe("10.9.0.2");
        _world.Put(_world.Cluster.Ips, Ip("web.default", "external204", "10.9.0.2"));
        _book.Release(Keys.Ip("web.default"));

        Refusal(PutEip("asks", v4: "10.9.0.2").Metadata.Name).ShouldBe("spec.v4Ip: 10.9.0.2 is taken by IP/web.default");
    }

    /// <summary>Who claims has looked at an object that may have gone since, and the event of its removal with it.</summary>
    [Fact]
    public void Whoever_claims_for_an_object_that_went_meanwhile_leaves_nothing_taken()
    {
        _book.Build([]);
        var eip = PutEip("eip");
        var vip = _world.Put(_world.Cluster.Vips, new Vip { Metadata = new() { Name = "vip" }, Spec = new() { Subnet = "external204" } });
        var ip = _world.Put(_world.Cluster.Ips, new Ip { Metadata = new() { Name = "reservation" }, Spec = new() { Subnet = "external204" } });
        _world.Remove(_world.Cluster.Eips, eip);
        _world.Remove(_world.Cluster.Vips, vip);
        _world.Remove(_world.Cluster.Ips, ip);

        Gone(_book.Claim(AddressClaims.Of(eip, "external204"))).ShouldBe("OvnEip \"eip\" does not exist any more");
        Gone(_book.Claim(AddressClaims.Of(vip))).ShouldBe("Vip \"vip\" does not exist any more");
        Gone(_book.Claim(AddressClaims.OfReservation(ip), Keys.Port("default", "web"))).ShouldBe("IP \"reservation\" does not exist any more");
        var noPod = AddressClaims.ForNewIp("web.default", "external204", new() { Name = "web", Uid = "p" });
        Gone(_book.ClaimFor(Keys.Port("default", "web"), noPod)).ShouldBe("IP \"web.default\" does not exist any more");
        Gone(_book.ClaimFor(Keys.Node("n1"), noPod)).ShouldBe("IP \"web.default\" does not exist any more");

        _book.UsageOf("external204")!.V4!.Using.ShouldBe(0);
    }

    /// <summary>The other order: the cache shows already that it is gone, but the event has to wait for the claim.</summary>
    [Fact]
    public async Task An_object_that_goes_while_it_is_given_an_address_leaves_nothing_taken()
    {
        _book.Build([]);
        for (var round = 0; round < 2_000; round++)
        {
            var eip = PutEip("eip");
            using var start = new Barrier(2);
            var claim = Task.Run(() =>
            {
                start.SignalAndWait();
                _book.Claim(AddressClaims.Of(eip, "external204"));
            });
            start.SignalAndWait();
            _world.Remove(_world.Cluster.Eips, eip);
            await claim;
            _book.UsageOf("external204")!.V4!.Using.ShouldBe(0, $"round {round}");
        }
    }

    [Fact]
    public void What_a_reservation_was_given_but_never_showed_comes_back_when_its_next_spec_is_refused()
    {
        _book.Build([]);
        var ip = _world.Put(_world.Cluster.Ips, new Ip { Metadata = new() { Name = "r" }, Spec = new() { Subnet = "external204" } });
        _book.Claim(AddressClaims.OfReservation(ip)).Text(Plan.Addressing.IpFamily.V4).ShouldBe("10.9.0.2");

        ip = _world.Put(_world.Cluster.Ips, ip with { Spec = new() { Subnet = "nowhere" } });
        _book.Claim(AddressClaims.OfReservation(ip), Keys.Ip("r")).Refusal!.Message.ShouldBe("spec.subnet: Subnet \"nowhere\" does not exist");

        _book.UsageOf("external204")!.V4!.Using.ShouldBe(0);
    }

    [Fact]
    public void An_object_that_moved_twice_before_it_showed_anything_has_one_address_in_the_end()
    {
        PutSubnet("10.8.0.0/24", "other");
        PutSubnet("10.7.0.0/24", "third");
        _book.Build([]);
        var eip = PutEip("a");
        foreach (var subnet in (string[])["external204", "other", "third"])
        {
            eip = _world.Put(_world.Cluster.Eips, eip with { Spec = eip.Spec with { ExternalSubnet = subnet } });
            Claim(eip).ShouldNotBeNull();
        }
        _world.Put(_world.Cluster.Eips, eip with { Status = new() { V4Ip = "10.7.0.2", MacAddress = Grant("a").Mac } });

        _book.Counts().Where(count => count.Used > 0).Select(count => count.Subnet).ShouldBe(["third"]);
    }

    [Fact]
    public void An_object_that_somebody_moved_by_its_label_has_one_address()
    {
        PutSubnet("10.8.0.0/24", "other");
        PutEip("a", stored: "10.9.0.2", created: 1);
        _book.Build([]);
        Claim("a").ShouldBe("10.9.0.2");

        var eip = _world.Cluster.Eips.Find("a")!;
        _world.Put(_world.Cluster.Eips, eip with
        {
            Metadata = eip.Metadata with { Labels = new Dictionary<string, string> { [Names.Labels.Subnet] = "other" } },
            Status = eip.Status! with { V4Ip = "10.8.0.9" },
        });
        Claim("a").ShouldBe("10.8.0.9");

        _book.UsageOf("external204")!.V4!.Using.ShouldBe(0);
    }

    private void PutSubnet(string cidr, string name = "external204") => _world.Put(_world.Cluster.Subnets, new Subnet
    {
        Metadata = new() { Name = name, Uid = $"uid-{name}" },
        Spec = new() { CidrBlock = cidr },
    });

    private void PutPod(string name, string address, int created) => _world.Put(_world.Cluster.Pods, new Pod
    {
        Metadata = new()
        {
            Name = name,
            Namespace = "default",
            CreationTimestamp = DateTimeOffset.UnixEpoch.AddSeconds(created),
            Annotations = new Dictionary<string, string>
            {
                [PodAnnotations.Default.Allocated] = "true",
                [PodAnnotations.Default.LogicalSwitch] = "external204",
                [PodAnnotations.Default.IpAddress] = address,
                [PodAnnotations.Default.MacAddress] = $"00:11:22:33:44:{created:x2}",
            },
        },
    });

    private OvnEip PutEip(string name, string? v4 = null, string? stored = null, string? subnet = null, int? created = null) =>
        _world.Put(_world.Cluster.Eips, new OvnEip
        {
            Metadata = new() { Name = name, CreationTimestamp = created is { } second ? DateTimeOffset.UnixEpoch.AddSeconds(second) : null },
            Spec = new() { ExternalSubnet = subnet, V4Ip = v4 },
            Status = stored is null ? null : new() { V4Ip = stored, MacAddress = $"02:00:00:00:00:{created ?? 1:x2}" },
        });

    private void PutLabelled(string name, string v4) => _world.Put(_world.Cluster.Eips, new OvnEip
    {
        Metadata = new() { Name = name, Labels = new Dictionary<string, string> { [Names.Labels.EipV4Ip] = v4, [Names.Labels.EipV6Ip] = "" } },
    });

    private static Ip Ip(string name, string subnet, string address) => new()
    {
        Metadata = new() { Name = name },
        Spec = new() { PodName = "web", Namespace = "default", Subnet = subnet, V4IpAddress = address, MacAddress = "02:00:00:00:00:99" },
    };

    private string? ClaimForPod()
    {
        var pod = _world.Put(_world.Cluster.Pods, new Pod { Metadata = new() { Namespace = "default", Name = "web" } });
        return _book.ClaimFor(Keys.Port("default", "web"), AddressClaims.ForNewIp("web.default", "external204", pod.Metadata)).Text(Plan.Addressing.IpFamily.V4);
    }

    private static string? Gone(AddressGrant grant) =>
        grant is { Lease: null, Refusal: { Reason: AddressReasons.Gone } refusal } ? refusal.Message : null;

    private AddressGrant Grant(string name)
    {
        var eip = _world.Cluster.Eips.Find(name)!;
        return _book.Claim(AddressClaims.Of(eip, _world.Cluster.Defaults.SubnetOf(eip)));
    }

    private string? Claim(OvnEip eip) => Claim(eip.Metadata.Name);

    private string? Claim(string name) => Grant(name).Text(Plan.Addressing.IpFamily.V4);

    private string? Refusal(string name) => Grant(name) is { Lease: null, Refusal: { } refusal } ? refusal.Message : null;
}
