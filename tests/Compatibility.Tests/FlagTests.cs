using Sluice.Agent.Options;
using Sluice.Controller.Options;

namespace Sluice.Compatibility.Tests;

/// <summary>The page and the option classes tell of the same flags, and of the same ones without effect.</summary>
public sealed class FlagTests
{
    [Fact]
    public void Those_of_the_controller() =>
        Compare("Flags of kube-ovn-controller", ControllerFlags.Names, ControllerFlags.HasEffect);

    [Fact]
    public void Those_of_the_agent() =>
        Compare("Flags of kube-ovn-cni", AgentFlags.Names, AgentFlags.HasEffect);

    private static void Compare(string heading, IEnumerable<string> names, Func<string, bool> hasEffect)
    {
        var told = CompatibilityPage.States(heading);

        told.Keys.Order(StringComparer.Ordinal).ShouldBe(names.Order(StringComparer.Ordinal));
        told.Where(flag => flag.Value == "not planned").Select(flag => flag.Key).Order(StringComparer.Ordinal)
            .ShouldBe(names.Where(name => !hasEffect(name)).Order(StringComparer.Ordinal));
    }
}
