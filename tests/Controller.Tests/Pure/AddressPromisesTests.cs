using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Kube.Tests;
using Sluice.Ovn;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;

namespace Sluice.Controller.Tests.Pure;

public sealed class AddressPromisesTests : IDisposable
{
    private readonly CachedCluster _world = new();
    private readonly AddressBook _book;
    private readonly AddressPromises _promises;
    private readonly ManualTimeProvider _time = new();
    private readonly List<OwnerKey> _overdue = [];

    public AddressPromisesTests()
    {
        _book = new AddressBook(_world.Cluster);
        _promises = new AddressPromises(_world.Cluster, _book, _overdue.Add, _time);
        _book.Attach();
        _promises.Attach();
        PutSubnet("10.9.0.0/26");
    }

    public void Dispose()
    {
        _promises.Dispose();
        _world.Dispose();
    }

    [Fact]
    public void What_is_promised_is_what_the_object_gets()
    {
        _book.Build([]);
        Make("a").ShouldBe("10.9.0.2");
        Make("b").ShouldBe("10.9.0.3");

        Claim(Put("b")).ShouldBe("10.9.0.3");
        Claim(Put("a")).ShouldBe("10.9.0.2");
        Claim(Put("c")).ShouldBe("10.9.0.4");
    }

    [Fact]
    public void Nothing_is_promised_before_it_is_known_what_was_given_out() => Make("a").ShouldBeNull();

    [Fact]
    public void Rules_find_one_that_is_on_its_way_with_its_address()
    {
        _book.Build([]);
        Make("a");

        _promises.Find("a")!.Status!.V4Ip.ShouldBe("10.9.0.2");
        Put("a");
        _promises.Find("a")!.Status.ShouldNotBeNull().V4Ip.ShouldBe("10.9.0.2", "stored, its status not yet");
        _promises.Find("b").ShouldBeNull();
    }

    [Fact]
    public void A_rule_may_use_an_address_as_soon_as_labels_that_name_it_are_stored()
    {
        _book.Build([]);
        Make("a");
        Make("b");
        _promises.FindStored("a").ShouldBeNull("it is not stored yet, and may never be");

        PutLabelled("a", "10.9.0.2");
        _promises.FindStored("a")!.Status!.V4Ip.ShouldBe("10.9.0.2");
        _promises.FindStored("a")!.Status!.Ready.ShouldBe(true);

        // The webhook was not asked, or somebody else wrote the labels: a controller that takes over would not keep the address.
        PutLabelled("b", "10.9.0.9");
        _promises.FindStored("b").ShouldNotBeNull().Status.ShouldBeNull();
        Claim(Put("c"));
        _promises.FindStored("c").ShouldNotBeNull().Status.ShouldBeNull();
    }

    [Fact]
    public void One_that_is_looked_at_before_it_comes_keeps_its_promise()
    {
        _book.Build([]);
        Make("a");

        // The rule that names it was heard of first.
        _promises.TakeBack(Key("a"));

        Make("b").ShouldBe("10.9.0.3");
        Claim(Put("a")).ShouldBe("10.9.0.2");
    }

    [Fact]
    public void What_nobody_comes_for_is_taken_back()
    {
        _book.Build([]);
        Make("a");
        Make("b");
        Put("b");
        _time.Advance(TimeSpan.FromSeconds(59));
        Make("late");
        _overdue.ShouldBeEmpty();
        _time.Advance(TimeSpan.FromSeconds(1));
        _overdue.ShouldBe([Key("a")]);

        _promises.TakeBack(Key("a"));
        _promises.TakeBack(Key("b"));
        _time.Advance(TimeSpan.FromMinutes(1));
        _overdue.ShouldBe([Key("a"), Key("late")]);

        _promises.Find("a").ShouldBeNull();
        Claim(Put("b")).ShouldBe("10.9.0.3");
        Claim(Put("c", "10.9.0.2")).ShouldBe("10.9.0.2");
    }

    [Fact]
    public void One_that_exists_or_is_on_its_way_already_is_promised_nothing()
    {
        _book.Build([]);
        Put("there");
        Make("there").ShouldBeNull();
        Make("coming").ShouldNotBeNull();
        Make("coming").ShouldBeNull("the first of the two requests may be the one that is stored");
        Make("").ShouldBeNull("the server makes up the name");
    }

    [Fact]
    public void Most_addresses_stay_for_those_who_were_stored()
    {
        _book.Build([]);
        var promised = 0;
        while (Make($"p{promised}") is not null) promised++;

        promised.ShouldBeInRange(1, 6);
        Claim(Put("stored")).ShouldNotBeNull();
    }

    private static OwnerKey Key(string name) => EipPlan.OwnerOf(name);

    private static OvnEip Eip(string name, string? v4 = null) =>
        new() { Metadata = new() { Name = name }, Spec = new() { ExternalSubnet = "external204", V4Ip = v4 } };

    private string? Make(string name) => _promises.Make(Eip(name), $"request-{name}")?.Text(IpFamily.V4);

    private OvnEip Put(string name, string? v4 = null) => _world.Put(_world.Cluster.Eips, Eip(name, v4));

    private void PutLabelled(string name, string v4) => _world.Put(_world.Cluster.Eips, Eip(name) with
    {
        Metadata = new() { Name = name, Labels = new Dictionary<string, string> { [Names.Labels.EipV4Ip] = v4, [Names.Labels.EipV6Ip] = "" } },
    });

    private string? Claim(OvnEip eip) => _book.Claim(AddressClaims.Of(eip, "external204"), Key(eip.Metadata.Name)).Text(IpFamily.V4);

    private void PutSubnet(string cidr) => _world.Put(_world.Cluster.Subnets, new Subnet
    {
        Metadata = new() { Name = "external204" }, Spec = new() { CidrBlock = cidr, Gateway = "10.9.0.1" },
    });
}
