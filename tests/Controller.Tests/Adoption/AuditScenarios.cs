using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Controller.Audit;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Tests.Adoption;

namespace Sluice.Controller.Tests.Adoption;

/// <summary>Asking what a controller would do.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class AuditScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task Beside_a_controller_that_has_done_everything_there_is_nothing_to_change()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);

        var (code, text) = await RunAsync(world);

        text.ShouldBe("0 changes\n");
        code.ShouldBe(0);
        world.Controller.Term.IsInSync.ShouldBeTrue("it was not disturbed");
    }

    [Fact]
    public async Task What_would_be_adopted_and_removed_is_shown_row_by_row_and_nothing_is_written()
    {
        await using var world = await World.StartAsync(server);
        await Walkthrough.ApplyAsync(server, world);
        await KubeOvnHandOver.RunAsync(world, KubeOvnRelease.V1_17);
        var (rows, version) = (NorthboundRows.Of(world.Northbound.Current), world.Northbound.Current.Version);
        var writes = await WritesAsync();

        var (code, text) = await RunAsync(world);
        var (_, json) = await RunAsync(world, AuditFormats.Json);

        code.ShouldBe(3);
        text.ShouldContain("NB Vpc/vpc1: NAT row nat/OvnFip/eip-static/v4 would change");
        text.ShouldContain("NB Leftovers/kube-ovn: Logical_Router_Static_Route");
        text.ShouldContain("src-ip 192.168.0.0/24 192.168.0.1 would be removed");
        text.ShouldContain("API OvnFip/eip-static: status\n    status.conditions: nothing -> ");
        JsonNode.Parse(json)!.AsArray().ShouldContain(change => (string)change!["owner"]! == "Vpc/vpc1" && (string)change["fields"]![0]!["name"]! == "external_ids");
        world.Northbound.Current.Version.ShouldBe(version);
        NorthboundRows.Of(world.Northbound.Current).ShouldBe(rows);
        (await WritesAsync()).ShouldBe(writes);
    }

    /// <summary>Runs as the program does, with the rights of the controller.</summary>
    private async Task<(int Code, string Text)> RunAsync(World world, string format = AuditFormats.Text)
    {
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        await using var output = new StringWriter { NewLine = "\n" };
        var code = await new AuditCommand(world.Options with { AuditFormat = format }, kube, NullLoggerFactory.Instance, TimeProvider.System, output)
            .RunAsync(CancellationToken.None);
        return (code, output.ToString());
    }

    /// <summary>How often the API server was asked to change something, by anybody.</summary>
    private async Task<IReadOnlyList<string>> WritesAsync() =>
        [.. (await server.KubectlAsync("get", "--raw", "/metrics")).Split('\n').Where(line =>
            line.StartsWith("apiserver_request_total{", StringComparison.Ordinal) && line.Contains("kubeovn.io", StringComparison.Ordinal)
            && !line.Contains("verb=\"GET\"", StringComparison.Ordinal) && !line.Contains("verb=\"LIST\"", StringComparison.Ordinal)
            && !line.Contains("verb=\"WATCH\"", StringComparison.Ordinal))];
}
