using System.Diagnostics;
using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Controller.Tests.CrashPoints;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Ovn.Northbound;
using Xunit.Abstractions;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>A leader that was replaced, and does not know yet, can write nothing.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class FencingScenarios(ApiServerFixture server, ITestOutputHelper output)
{
    [Fact]
    public async Task A_transaction_that_was_on_its_way_when_the_lock_was_stolen_writes_nothing()
    {
        await using var world = await World.StartAsync(server, controller: false);
        var fuse = new Fuse();
        await using var socket = new FusedSocket(fuse, world.NorthboundServer);
        await using var leader = world.StartAnother(world.Options with { NorthboundAddress = socket.Address });
        await Idleness.WaitAsync(world, leader);

        var held = fuse.Hold();
        await world.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = new() { Name = "vpc1" }, Spec = new() });
        await held;
        var thief = Process.Start(new ProcessStartInfo("ovsdb-client", ["steal", world.NorthboundServer.ToString(), "sluice_controller"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            (await thief.StandardOutput.ReadLineAsync()).ShouldNotBeNull();
            fuse.Release();
            await Eventually.HoldsAsync(() => leader.Term.Northbound.Refused + leader.Term.Northbound.Failed > 0);
            world.Northbound.Current.ByName<LogicalRouter>("vpc1").ShouldBeNull();
        }
        finally
        {
            thief.Kill();
            await thief.WaitForExitAsync();
            thief.Dispose();
        }

        await Eventually.HoldsAsync(() => world.Northbound.Current.ByName<LogicalRouter>("vpc1") is not null);
    }

    [Fact]
    public async Task A_leader_that_was_frozen_in_the_middle_of_a_commit_wakes_up_and_writes_nothing()
    {
        await using var world = await World.StartAsync(server, controller: false);
        var fuse = new Fuse();
        await using var socket = new FusedSocket(fuse, world.NorthboundServer);
        using var old = ControllerProgram.Start(
            $"--kubeconfig={server.ControllerKubeConfig}", $"--ovn-nb-addr={socket.Address}", $"--ovn-sb-addr={world.Options.SouthboundAddress}",
            $"--pprof-port={ControllerProgram.FreePort()}", "--external-gateway-switch=external204",
            "--leader-elect-lease-duration=4s", "--leader-elect-renew-deadline=3s", "--leader-elect-retry-period=500ms");
        var log = old.StandardError.ReadToEndAsync();
        try
        {
            await CrashStories.CreateNetworkAsync(world);
            await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e1", "10.5.204.151"));
            await world.EventuallyAsync(SluiceResources.OvnEips, "e1", eip => eip.Status?.Ready == true);
            var held = fuse.Hold();
            await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip("fip", "e1", "p1.default"));
            await held;
            await ControllerProgram.SignalAsync(old, "STOP");

            // A server that gets no answer to its probes ends the connection, and the lock is free.
            var frozen = Stopwatch.GetTimestamp();
            await socket.BreakAsync();
            world.Options = world.Options with { Election = world.Options.Election with { RetryPeriod = TimeSpan.FromMilliseconds(500) } };
            await world.StartControllerAsync();
            output.WriteLine($"figure: a standby that starts when the leader freezes has looked at everything after {Stopwatch.GetElapsedTime(frozen).TotalSeconds:F1} s, of which 4 s are the lease");

            // What the old leader planned is no longer wanted.
            await world.Kube.PatchAsync(SluiceResources.OvnFips, null, "fip", Patch.Merge(new() { ["spec"] = new JsonObject { ["ipName"] = "p2.default" } }));
            await world.EventuallyAsync(SluiceResources.OvnFips, "fip", fip => fip.Status is { Ready: true, V4Ip: "192.168.1.12" });
            await Idleness.WaitAsync(world, world.Controller);
            var before = await Picture.TakeAsync(world);

            fuse.Release();
            await ControllerProgram.SignalAsync(old, "CONT");
            await old.WaitForExitAsync();
            old.ExitCode.ShouldBe(1, await log);
            (await Picture.TakeAsync(world)).ShouldBe(before);
            (await world.Kube.GetAsync(CoreResources.Leases, "kube-system", "kube-ovn-controller")).Spec.HolderIdentity.ShouldNotBeNullOrEmpty();
        }
        finally
        {
            if (!old.HasExited)
                old.Kill();
        }
    }
}
