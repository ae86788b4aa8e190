using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Ports;

namespace Sluice.Plan.Tests.Ports;

public sealed class PodRequestTests
{
    private static readonly PodAnnotations Keys = PodAnnotations.Default;
    private static readonly OwnerReference Owner = new() { ApiVersion = "apps/v1", Kind = "StatefulSet", Name = "db", Uid = "s1", Controller = true };

    [Theory]
    [InlineData("10.0.0.5,10.0.0.6", "10.0.0.5 10.0.0.6")]
    [InlineData(" 10.0.0.5 , 10.0.0.6,", "10.0.0.5 10.0.0.6")]
    [InlineData("10.0.0.5", "10.0.0.5")]
    [InlineData("10.0.0.5,fd00::5;10.0.0.6,fd00::6", "10.0.0.5,fd00::5 10.0.0.6,fd00::6")]
    [InlineData("10.0.0.5,fd00::5", "10.0.0.5,fd00::5")]
    public void A_pod_of_no_set_may_have_any_address_of_its_pool(string pool, string expected) =>
        Addresses(PodRequest.Of(Pod("web", pool), isRecorded: false, set: null)).ShouldBe(expected);

    [Theory]
    [InlineData(0, "db-0", "10.0.0.5")]
    [InlineData(0, "db-1", "10.0.0.6")]
    [InlineData(5, "db-5", "10.0.0.5")]
    [InlineData(5, "db-6", "10.0.0.6")]
    public void A_pod_of_a_set_has_the_address_of_its_number(int start, string name, string expected) =>
        Addresses(PodRequest.Of(Pod(name, "10.0.0.5,10.0.0.6", Owner), isRecorded: false, Set(start))).ShouldBe(expected);

    [Theory]
    [InlineData(0, "db-2", "has no address for pod 2 of StatefulSet \"db\", only for 0 to 1")]
    [InlineData(0, "db-2147483647", "has no address for pod 2147483647 of StatefulSet \"db\", only for 0 to 1")]
    [InlineData(5, "db-7", "has no address for pod 7 of StatefulSet \"db\", only for 5 to 6")]
    [InlineData(5, "db-0", "has no address for pod 0 of StatefulSet \"db\", only for 5 to 6")]
    public void A_pod_of_a_set_that_is_not_in_the_pool_gets_nothing(int start, string name, string message) =>
        Problem(PodRequest.Of(Pod(name, "10.0.0.5,10.0.0.6", Owner), isRecorded: false, Set(start))).ShouldBe((PortReasons.NoAddress, $"{Keys.IpPool}: {message}"));

    [Fact]
    public void The_number_is_not_known_without_the_set_itself()
    {
        var expected = (PortReasons.NoAddress, $"{Keys.IpPool}: StatefulSet \"db\" of the pod does not exist, so that its number is not known");
        Problem(PodRequest.Of(Pod("db-0", "10.0.0.5", Owner), isRecorded: false, set: null)).ShouldBe(expected);
        Problem(PodRequest.Of(Pod("db-0", "10.0.0.5", Owner with { Uid = "former" }), isRecorded: false, Set(0))).ShouldBe(expected);
        PodRequest.Of(Pod("db-0", pool: null, Owner), isRecorded: false, set: null).Problem.ShouldBeNull("without a pool the number does not matter");
    }

    [Theory]
    [InlineData(",", "\",\" names no address")]
    [InlineData(" ", "\" \" names no address")]
    [InlineData("blue", "\"blue\" is not an address, nor one per family; IPPool objects are not served")]
    [InlineData("10.0.0.5,10.0.0.256", "\"10.0.0.256\" is not an address, nor one per family; IPPool objects are not served")]
    [InlineData("10.0.0.5..10.0.0.9", "\"10.0.0.5..10.0.0.9\" is not an address, nor one per family; IPPool objects are not served")]
    [InlineData("10.0.0.5,10.0.0.6;10.0.0.7", "\"10.0.0.5,10.0.0.6\" is not an address, nor one per family; IPPool objects are not served")]
    public void A_pool_that_cannot_be_read_is_refused(string pool, string message)
    {
        Problem(PodRequest.Of(Pod("web", pool), isRecorded: false, set: null)).ShouldBe((PortReasons.Invalid, $"{Keys.IpPool}: {message}"));
        Problem(PodRequest.Of(Pod("db-0", pool, Owner), isRecorded: false, Set(0))).ShouldBe((PortReasons.Invalid, $"{Keys.IpPool}: {message}"));
    }

    [Fact]
    public void A_pool_has_an_end()
    {
        Addresses(PodRequest.Of(Pod("web", Pool(256)), isRecorded: false, set: null)).Split(' ').Length.ShouldBe(256);
        Problem(PodRequest.Of(Pod("web", Pool(257)), isRecorded: false, set: null)).ShouldBe((PortReasons.Invalid, $"{Keys.IpPool}: has 257 addresses, and 256 are the most"));
        Problem(PodRequest.Of(Pod("web", new string(',', 250_000)), isRecorded: false, set: null)).Reason.ShouldBe(PortReasons.Invalid);

        static string Pool(int length) => string.Join(',', Enumerable.Range(0, length).Select(i => $"10.0.{i / 256}.{i % 256}"));
    }

    [Fact]
    public void What_the_controller_wrote_is_no_request()
    {
        var pod = Pod("web", "10.0.0.5");
        var request = PodRequest.Of(pod with { Metadata = pod.Metadata.WithAnnotation(Keys.Allocated, "true") }, isRecorded: true, set: null);
        (request.Subnet, request.Addresses.IsEmpty, request.Problem).ShouldBe((null, true, null));
    }

    private static string Addresses(PodRequest request)
    {
        request.Problem.ShouldBeNull();
        return string.Join(' ', request.Addresses.Select(address => address.V4));
    }

    private static (string Reason, string Message) Problem(PodRequest request)
    {
        request.Addresses.ShouldBeEmpty();
        return (request.Problem.ShouldNotBeNull().Reason, request.Problem!.Message);
    }

    private static StatefulSet Set(int start) => new()
    {
        Metadata = new() { Name = "db", Namespace = "default", Uid = "s1" },
        Spec = new() { Ordinals = start == 0 ? null : new() { Start = start } },
    };

    private static Pod Pod(string name, string? pool, OwnerReference? owner = null) => new()
    {
        Metadata = new()
        {
            Name = name,
            Namespace = "default",
            Annotations = pool is null ? null : new Dictionary<string, string> { [Keys.IpPool] = pool },
            OwnerReferences = owner is null ? null : [owner],
        },
    };
}
