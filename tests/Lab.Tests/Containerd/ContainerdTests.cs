using Sluice.Lab.Demo;
using Sluice.Lab.Network;
using Spectre.Console;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Containerd;

/// <summary>The walkthrough with real containers: containerd calls our CNI plugin, kubelets run the pods.</summary>
public sealed class ContainerdTests(ITestOutputHelper output)
{
    private const string Pod = "vpc-1-busybox04";

    [KubeletFact]
    public async Task The_walkthrough_holds_and_containers_can_be_entered()
    {
        var fixture = new ContainerdLab();
        await fixture.InitializeAsync();
        try
        {
            (await WalkAsync(fixture.Lab)).Where(proof => !proof.Held).ShouldBeEmpty();
            await ContainerReachesTheInternetAsync(fixture);
            (await fixture.Lab.Kubectl("run", "-n", "vpc1", "speaker", "--image=busybox", "--image-pull-policy=IfNotPresent", "--restart=Never",
                "--overrides", """{"spec": {"nodeName": "pc-node-1"}}""", "--", "echo", "spoken").RunAsync()).ShouldContain("created");
            await Eventually.HoldsAsync(
                async () => (await fixture.Lab.Kubectl("logs", "-n", "vpc1", "speaker").TryAsync()).Output.Trim() == "spoken", () => "the container's output is not to be had");
        }
        finally
        {
            await fixture.DisposeAsync();
        }
    }

    private async Task<IReadOnlyList<Proof>> WalkAsync(LabCluster lab)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        var stage = new Stage(console);
        await new Walkthrough(lab, stage).RunAsync(CancellationToken.None);
        output.WriteLine(text.ToString());
        return stage.Proofs;
    }

    /// <summary>The page's own command, and what arrives outside.</summary>
    private static async Task ContainerReachesTheInternetAsync(FullLab fixture)
    {
        var eip = await fixture.EipAsync("snat-for-subnet-in-vpc");
        await using var capture = await PacketCapture.StartAsync(fixture.Lab.NamespaceOf(LabLayout.Internet), "eth0", "icmp[icmptype] == icmp-echo");

        var answer = await fixture.Lab.Kubectl("exec", "-n", "vpc1", Pod, "--", "ping", "-c", "2", Probe.InternetAddress).RunAsync();

        answer.ShouldContain("2 packets received");
        (await capture.WaitForAsync(line => line.StartsWith("IP", StringComparison.Ordinal))).ShouldStartWith($"IP {eip} > {Probe.InternetAddress}: ICMP echo request");
    }

    private sealed class ContainerdLab() : FullLab(new LabOptions { Runtime = PodRuntime.Containerd })
    {
        // Kubelets write when they like, so what a controller that starts anew writes cannot be told from it.
        public override Task DisposeAsync() => LabCluster.DownAsync(Lab.Layout.Name);
    }
}
