using System.Text;
using System.Text.Json;
using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Controller.Admission;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Pure;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Admission;

/// <summary>Which requests are reviewed at all. There is no server behind the caches: a review that asked it would fail.</summary>
public sealed class ReviewerTests : IDisposable
{
    private readonly CachedCluster _cached = new();
    private readonly KubeClient _nowhere = new(new KubeConfig { Server = new Uri("https://nowhere.invalid") });
    private readonly Reviewer _reviewer;

    public ReviewerTests() => _reviewer = new(_cached.Cluster, _nowhere, new ControllerOptions());

    public void Dispose()
    {
        _nowhere.Dispose();
        _cached.Dispose();
    }

    [Fact]
    public async Task What_is_wrong_is_refused_as_invalid()
    {
        var response = await ReviewAsync("CREATE", null, Wrong);

        response.Allowed.ShouldBeFalse();
        response.Uid.ShouldBe("1");
        response.Status!.Code.ShouldBe(422);
        response.Status.Message.ShouldStartWith("spec.v4Ip:");
    }

    [Theory]
    [InlineData("system:serviceaccount:kube-system:generic-garbage-collector")]
    [InlineData("system:serviceaccount:kube-system:sluice-controller")]
    [InlineData("system:kube-controller-manager")]
    [InlineData("sluice:controller")]
    public async Task Those_who_only_carry_out_are_not_refused(string user) =>
        (await ReviewAsync("CREATE", null, Wrong, user)).Allowed.ShouldBeTrue();

    [Fact]
    public async Task An_account_of_the_same_name_elsewhere_is_somebody_else() =>
        (await ReviewAsync("CREATE", null, Wrong, "system:serviceaccount:default:sluice-controller")).Allowed.ShouldBeFalse();

    [Fact]
    public async Task Status_and_metadata_and_what_is_being_deleted_always_pass()
    {
        (await ReviewAsync("UPDATE", Right, Wrong)).Allowed.ShouldBeFalse();
        (await ReviewAsync("UPDATE", Right, Wrong, subResource: "status")).Allowed.ShouldBeTrue();
        (await ReviewAsync("UPDATE", Wrong, Wrong with { Metadata = Wrong.Metadata with { Finalizers = ["x"] } })).Allowed.ShouldBeTrue();
        (await ReviewAsync("UPDATE", Right, Deleting(Wrong))).Allowed.ShouldBeTrue();
        (await ReviewAsync("DELETE", Deleting(Right), null)).Allowed.ShouldBeTrue();
        (await ReviewAsync("DELETE", Right, null)).Allowed.ShouldBeTrue("nothing uses it");
    }

    [Fact]
    public async Task What_was_wrong_before_is_no_reason_against_another_change()
    {
        var other = Wrong with { Spec = Wrong.Spec with { MacAddress = "00:00:00:00:00:07" } };

        (await ReviewAsync("UPDATE", Wrong, other)).Allowed.ShouldBeTrue();
        (await ReviewAsync("UPDATE", Wrong, Wrong with { Spec = Wrong.Spec with { V4Ip = "also wrong" } })).Allowed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_referrer_that_can_not_be_confirmed_gives_no_answer()
    {
        _cached.Put(_cached.Cluster.Fips, new OvnFip { Metadata = new() { Name = "f" }, Spec = new() { OvnEip = "e", IpName = "p" } });

        await Should.ThrowAsync<KubeException>(() => ReviewAsync("DELETE", Right, null));
    }

    [Fact]
    public async Task A_new_object_is_given_an_address_unless_nothing_is_stored()
    {
        _cached.Put(_cached.Cluster.Subnets, new Subnet { Metadata = new() { Name = "external204" }, Spec = new() { CidrBlock = "10.9.0.0/24", Gateway = "10.9.0.1" } });
        var book = new AddressBook(_cached.Cluster);
        book.Build([]);
        using var promises = new AddressPromises(_cached.Cluster, book, _ => { }, TimeProvider.System);
        var leader = new Reviewer(_cached.Cluster, _nowhere, new ControllerOptions(), promises);

        (await PatchAsync(dryRun: true)).ShouldNotContain("10.9.0.");
        (await PatchAsync(dryRun: false)).ShouldContain("10.9.0.2");

        async Task<string> PatchAsync(bool dryRun)
        {
            var eip = new OvnEip { Metadata = new() { Name = "e" }, Spec = new() { ExternalSubnet = "external204" } };
            var response = await leader.PrepareAsync(Request("CREATE", null, eip) with { DryRun = dryRun }, CancellationToken.None);
            return Encoding.UTF8.GetString(response.Patch!);
        }
    }

    [Fact]
    public async Task A_new_object_that_is_refused_is_not_prepared()
    {
        var reviewer = new Reviewer(_cached.Cluster, _nowhere, new ControllerOptions());

        var response = await reviewer.PrepareAsync(Request("CREATE", null, Wrong), CancellationToken.None);

        response.Allowed.ShouldBeFalse();
        response.Status!.Message.ShouldContain("wrong");
        response.Patch.ShouldBeNull();
    }

    private static OvnEip Right => new() { Metadata = new() { Name = "e" }, Spec = new() { V4Ip = "10.0.0.1" } };

    private static OvnEip Wrong => new() { Metadata = new() { Name = "e" }, Spec = new() { V4Ip = "wrong" } };

    private static OvnEip Deleting(OvnEip eip) => eip with { Metadata = eip.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } };

    private Task<AdmissionResponse> ReviewAsync(string operation, OvnEip? old, OvnEip? item, string user = "alice", string? subResource = null) =>
        _reviewer.ReviewAsync(Request(operation, old, item, user, subResource), CancellationToken.None);

    private static AdmissionRequest Request(string operation, OvnEip? old, OvnEip? item, string user = "alice", string? subResource = null) => new()
    {
        Uid = "1",
        Operation = operation,
        SubResource = subResource,
        Resource = new("kubeovn.io", "v1", "ovn-eips"),
        UserInfo = new() { Username = user },
        Object = item is null ? null : JsonSerializer.SerializeToElement(item, SluiceResources.OvnEips.Json),
        OldObject = old is null ? null : JsonSerializer.SerializeToElement(old, SluiceResources.OvnEips.Json),
    };
}
