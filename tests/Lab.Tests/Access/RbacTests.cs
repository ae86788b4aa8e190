using System.Text.Json.Nodes;
using Sluice.Lab.Processes;
using Sluice.Lab.Tests.Seed;
using Xunit.Abstractions;

namespace Sluice.Lab.Tests.Access;

/// <summary>Each role of deploy/rbac grants what its holder asks for, and nothing else.</summary>
[Collection(SeedLabCollection.Name)]
public sealed class RbacTests(SeedLab fixture, ITestOutputHelper output)
{
    /// <summary>What is granted although this lab may not see it used, with the reason.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["get events"] = "asked only when the Event that should be counted up is gone",
        ["patch events"] = "only when the same thing happens twice",
    };

    private readonly LabCluster _lab = fixture.Lab;

    [Theory]
    [InlineData("controller", "sluice:controller")]
    [InlineData("agent", "sluice:agent:")]
    public async Task Each_permission_is_used_and_none_is_missing(string role, string user)
    {
        await ComeAndGoAsync();
        await EndWatchesAsync();
        var granted = Permission.GrantedBy(JsonNode.Parse(
            await _lab.Kubectl("get", "-f", ProjectFiles.Manifests("rbac", $"{role}.yaml"), "-o", "json").RunAsync())!);
        var requests = (await File.ReadAllLinesAsync(_lab.ControlPlane.AuditLog)).Where(line => line.EndsWith('}')).Select(Permission.Read)
            .OfType<(string User, int Code, Permission Permission)>()
            .Where(request => request.User.StartsWith(user, StringComparison.Ordinal)).ToList();
        requests.ShouldNotBeEmpty();
        var used = requests.Select(request => request.Permission).Distinct().ToList();
        output.WriteLine($"figure: {role}: {requests.Count} requests of {used.Select(request => request with { Name = null, Namespace = null }).Distinct().Count()} kinds, {granted.Count} permissions");

        requests.Where(request => request.Code == 403).Select(request => $"{request.Permission}").Distinct().ShouldBeEmpty("refused");
        used.Where(request => !granted.Any(permission => permission.Covers(request))).Select(request => $"{request}").ShouldBeEmpty("used, but not granted by the file");
        granted.Where(permission => !used.Any(permission.Covers)).Select(permission => $"{permission}").Except(Exceptions.Keys, StringComparer.Ordinal)
            .ShouldBeEmpty("granted, but not used");
    }

    /// <summary>A watch is written down when it ends.</summary>
    private async Task EndWatchesAsync()
    {
        foreach (var component in (Component[])[_lab.Controller, _lab.Nodes[0].Agent])
        {
            await component.StopAsync();
            await component.StartAsync();
        }
        await fixture.SettleAsync();
    }

    /// <summary>Creates and deletes what the walkthrough only creates.</summary>
    private async Task ComeAndGoAsync()
    {
        var manifests = Manifests.Of("Vpc", "rbac", "namespaces: [rbac], enableExternal: true")
            + Manifests.Of("Subnet", "rbac-net", "protocol: IPv4, cidrBlock: 192.168.77.0/24, vpc: rbac, namespaces: [rbac]")
            + Manifests.Of("Vip", "rbac-vip", "subnet: rbac-net") + Manifests.Eip("rbac-eip", "externalSubnet: external204")
            + Manifests.Of("OvnFip", "rbac-fip", "ovnEip: rbac-eip, ipType: vip, ipName: rbac-vip")
            + Manifests.Of("OvnSnatRule", "rbac-snat", "ovnEip: rbac-eip, vpcSubnet: rbac-net")
            + Manifests.Of("OvnDnatRule", "rbac-dnat", "ovnEip: rbac-eip, ipName: web.rbac, protocol: tcp, externalPort: '80', internalPort: '80'");
        await fixture.ApplyAsync(Manifests.Namespace("rbac"));
        await fixture.ApplyAsync(manifests + Manifests.Pod("rbac/web", _lab.Nodes[0].Name));
        await fixture.WaitReadyAsync("odnat/rbac-dnat", "ofip/rbac-fip", "osnat/rbac-snat");
        await _lab.Kubectl("delete", "pod", "web", "-n", "rbac", "--timeout=60s").RunAsync();
        await (_lab.Kubectl("delete", "--timeout=120s", "-f", "-") with { Input = manifests }).RunAsync();
        await fixture.SettleAsync();
    }
}
