using System.Diagnostics;
using System.Net;
using Sluice.Api;
using Sluice.Controller.Tests.Support;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>The program itself, started as a Deployment starts it.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class ProgramScenarios(ApiServerFixture server)
{
    [Fact]
    public async Task The_program_leads_answers_probes_and_stops_when_asked()
    {
        await using var world = await World.StartAsync(server, controller: false);
        var port = ControllerProgram.FreePort();
        using var program = ControllerProgram.Start(
            $"--kubeconfig={server.ControllerKubeConfig}", $"--ovn-nb-addr={world.Options.NorthboundAddress}",
            $"--ovn-sb-addr={world.Options.SouthboundAddress}", $"--pprof-port={port}",
            "--external-gateway-vlanid=204", "--external-gateway-switch=external204", "-v", "3", "--logtostderr");
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };

        await Eventually.HoldsAsync(async () => await StatusAsync(http, "/readyz") == HttpStatusCode.OK, () => $"exited: {program.HasExited}", "it is ready");
        await world.EventuallyAsync(SluiceResources.Subnets, "ovn-default", subnet => subnet.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
        (await StatusAsync(http, "/healthz")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(http, "/livez")).ShouldBe(HttpStatusCode.OK);
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        metrics.ShouldContain("sluice_leader 1\n");
        metrics.ShouldContain("sluice_northbound_transactions_total{result=\"committed\"}");
        metrics.ShouldContain("subnet_available_ip_count{subnet_name=\"ovn-default\",protocol=\"IPv4\",subnet_cidr=\"10.16.0.0/16\"} 65533\n");

        using (var kill = Process.Start("kill", ["-TERM", $"{program.Id}"])) await kill.WaitForExitAsync();
        await program.WaitForExitAsync();
        program.ExitCode.ShouldBe(0);
        (await world.Kube.GetAsync(Kube.Core.CoreResources.Leases, "kube-system", "kube-ovn-controller")).Spec.HolderIdentity.ShouldBeNullOrEmpty();
    }

    [Theory]
    [InlineData("sluice-controller: unknown flag: --oops", "--oops")]
    [InlineData("sluice-controller: --worker-num must be at least 1", "--worker-num=0")]
    public async Task A_wrong_command_line_is_explained_in_one_line(string message, string flag)
    {
        using var program = ControllerProgram.Start(flag);
        (await program.StandardError.ReadToEndAsync()).Trim().ShouldBe(message);
        await program.WaitForExitAsync();
        program.ExitCode.ShouldBe(2);
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(path, UriKind.Relative));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
