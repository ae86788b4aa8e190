using Sluice.Api;
using Sluice.Controller.Addresses;
using Sluice.Kube.Tests;

namespace Sluice.Controller.Tests.Pure;

public sealed class NewEipsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly NewEips _newcomers;

    public NewEipsTests() => _newcomers = new NewEips(_time);

    [Fact]
    public void A_few_wait_a_moment()
    {
        for (var i = 0; i < 40; i++)
        {
            var lag = Wait($"e{i}").ShouldNotBeNull();
            lag.ShouldBeLessThan(TimeSpan.FromMilliseconds(200));
            _time.Advance(lag);
            Wait($"e{i}").ShouldBeNull();
        }
    }

    [Fact]
    public void In_a_burst_each_waits_once_for_its_rule()
    {
        Burst();
        var lag = Wait("new").ShouldNotBeNull();
        lag.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(500));

        _time.Advance(lag / 2);
        Wait("new").ShouldBe(lag / 2, "looked at for another reason");
        _time.Advance(lag / 2);
        Wait("new").ShouldBeNull();
    }

    [Fact]
    public void One_that_is_used_or_has_a_status_does_not_wait()
    {
        Burst();
        Wait("new").ShouldNotBeNull();

        _newcomers.Wait(Eip("new"), isUsed: true).ShouldBeNull();
        _newcomers.Wait(Eip("old") with { Status = new() }, isUsed: false).ShouldBeNull();
    }

    [Fact]
    public void One_of_the_same_name_that_comes_later_waits_anew()
    {
        Burst();
        var lag = Wait("new");
        _newcomers.Forget("new");
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Wait("new").ShouldBe(lag);
    }

    private static OvnEip Eip(string name) => new() { Metadata = new() { Name = name }, Spec = new() };

    private void Burst()
    {
        for (var i = 0; i < 20; i++) Wait($"e{i}");
    }

    private TimeSpan? Wait(string name) => _newcomers.Wait(Eip(name), isUsed: false);
}
