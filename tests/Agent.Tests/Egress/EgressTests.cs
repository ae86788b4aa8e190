using System.Text.Json.Nodes;
using Sluice.Agent.Egress;
using Sluice.Agent.Tests.Support;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Tests.Egress;

/// <summary>How pods of subnets with natOutgoing leave by their node.</summary>
[Collection(ClusterCollection.Name)]
public sealed class EgressTests(ClusterFixture cluster) : IAsyncLifetime
{
    private TestNode _node = null!;

    public async Task InitializeAsync() => _node = await TestNode.CreateAsync(cluster);

    public async Task DisposeAsync()
    {
        await cluster.KubectlAsync("delete", "subnets", "--all");
        await _node.DisposeAsync();
    }

    [Fact]
    public void The_rules_are_those_of_the_subnets() => EgressRules.For(
    [
        Subnet("join", "100.64.0.0/16"),
        Subnet("a", "10.16.0.0/16,fd00:10::/64", natOutgoing: true, rules:
        [
            new() { Action = "forward", Match = new() { SourceIPs = "10.16.0.5", DestinationIPs = "192.0.2.0/24,fd00:2::/64" } },
            new() { Action = "nat", Match = new() { DestinationIPs = "198.51.100.1" } },
        ]),
    ],
    [Cidr.Parse("10.96.0.0/12"), Cidr.Parse("172.18.0.2/32"), Cidr.Parse("fd00:18::2/128")]).Split('\n')[4..].ShouldBe(
    [
        "  set cluster4 { type ipv4_addr; flags interval; auto-merge; elements = { 10.16.0.0/16, 100.64.0.0/16, 10.96.0.0/12, 172.18.0.2/32 }; }",
        "  set cluster6 { type ipv6_addr; flags interval; auto-merge; elements = { fd00:10::/64, fd00:18::2/128 }; }",
        "  chain postrouting {",
        "    type nat hook postrouting priority srcnat; policy accept;",
        "    ip daddr @cluster4 accept",
        "    ip6 daddr @cluster6 accept",
        "    ip saddr 10.16.0.0/16 ip saddr { 10.16.0.5/32 } ip daddr { 192.0.2.0/24 } accept",
        "    ip saddr 10.16.0.0/16 ip daddr { 198.51.100.1/32 } masquerade",
        "    ip saddr 10.16.0.0/16 masquerade",
        "    ip6 saddr fd00:10::/64 masquerade",
        "  }",
        "}",
        "",
    ]);

    [Fact]
    public async Task The_kernel_has_them_while_a_subnet_wants_them_and_keeps_its_counters_otherwise()
    {
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, Subnet("a", "10.16.0.0/16,fd00:10::/64", natOutgoing: true));
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, Subnet("custom", "10.17.0.0/16", natOutgoing: true, vpc: "vpc1"));
        _node.StartAgent();
        await Eventually.Succeeds(async () => (await ListAsync()).ShouldContain("ip saddr 10.16.0.0/16 masquerade", customMessage: _node.Log));
        (await ListAsync()).ShouldNotContain("10.17.0.0/16");
        var handles = await ListAsync("-a");

        await _node.StopAgentAsync();
        _node.StartAgent();
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, Subnet("b", "10.18.0.0/16", vpc: "vpc1"));
        await Eventually.Succeeds(async () => (await ListAsync("-a")).ShouldBe(handles, "rules that are right are left alone"));

        await cluster.KubectlAsync("delete", "subnet", "a");
        await Eventually.Succeeds(async () => (await _node.Host.RunAsync("nft", "list", "tables")).ShouldNotContain("sluice", customMessage: _node.Log));
    }

    [Fact]
    public async Task Packets_to_nodes_and_Services_stay_what_they_are_and_only_families_that_leave_are_forwarded()
    {
        await cluster.Admin.CreateAsync(SluiceResources.Subnets, Subnet("a", "10.16.0.0/16", natOutgoing: true));
        var other = await cluster.Admin.CreateAsync(CoreResources.Nodes, new Node { Metadata = new ObjectMeta { Name = $"other-{_node.Name}" } });
        try
        {
            _node.StartAgent();
            await Eventually.Succeeds(async () => (await ListAsync()).ShouldContain("10.96.0.0/12", customMessage: _node.Log));
            (await ForwardingAsync("ipv4"), await ForwardingAsync("ipv6")).ShouldBe(("1", "0"));

            await cluster.Admin.PatchAsync(CoreResources.Nodes, ns: null, other.Metadata.Name, Patch.Merge(new()
            {
                ["status"] = new JsonObject { ["addresses"] = new JsonArray(new JsonObject { ["type"] = "InternalIP", ["address"] = "172.18.0.99" }) },
            }), "status");
            await Eventually.Succeeds(async () => (await ListAsync()).ShouldContain("172.18.0.99", customMessage: _node.Log));
        }
        finally
        {
            await cluster.Admin.DeleteAsync(CoreResources.Nodes, ns: null, other.Metadata.Name);
        }
        await Eventually.Succeeds(async () => (await ListAsync()).ShouldNotContain("172.18.0.99", customMessage: _node.Log));
    }

    private async Task<string> ForwardingAsync(string family) =>
        (await _node.Host.RunAsync("cat", $"/proc/sys/net/{family}/conf/all/forwarding")).Trim();

    private Task<string> ListAsync(params string[] options) => _node.Host.RunAsync("nft", [.. options, "list", "table", "inet", "sluice"]);

    private static Subnet Subnet(
        string name, string cidr, bool? natOutgoing = null, string? vpc = null, ValueList<NatOutgoingPolicyRule>? rules = null) => new()
        {
            Metadata = new ObjectMeta { Name = name },
            Spec = new SubnetSpec { CidrBlock = cidr, NatOutgoing = natOutgoing, Vpc = vpc, NatOutgoingPolicyRules = rules },
        };
}
