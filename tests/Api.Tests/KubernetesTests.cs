using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Lab.ControlPlane;
using Sluice.Lab.Processes;

namespace Sluice.Api.Tests;

/// <summary>What a real API server makes of the definitions and of the objects.</summary>
[Trait("Needs", "ApiServer")]
public sealed partial class KubernetesTests(KubernetesTests.Fixture fixture) : IClassFixture<KubernetesTests.Fixture>
{
    [Fact]
    public async Task Definitions_are_accepted_as_structural()
    {
        var conditions = await Kubectl("get", "crd", "-o", "jsonpath={.items[*].status.conditions[?(@.status=='True')].type}");
        conditions.Split(' ').Distinct().Order().ShouldBe(["Established", "NamesAccepted"]);
    }

    [Fact]
    public async Task The_manifests_of_the_walkthrough_are_stored_as_they_are()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.SeedManifests).Order(StringComparer.Ordinal))
        {
            await Kubectl("apply", "-f", file);
            foreach (var value in Yaml.Read(file).Where(Kinds.IsOurs)) ShouldBeSame((await Stored(value))["spec"], value["spec"]);
        }
    }

    [Fact]
    public async Task No_field_is_pruned()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.FullManifests))
        {
            var value = Yaml.Read(file).Single();
            await Kubectl("create", "-f", file);
            if (Kinds.Kind(value) is not ("IP" or "Vip")) await Kubectl("replace", "--subresource=status", "-f", file);

            // Numbers beyond 64 bits come back as floats, so both sides are compared as our records read them.
            var (stored, wanted) = (Kinds.RoundTrip(await Stored(value)), Kinds.RoundTrip(value));
            ShouldBeSame(stored["spec"], wanted["spec"]);
            ShouldBeSame(stored["status"], wanted["status"]);
        }
    }

    [Theory]
    [InlineData("ofip",
        """
        {"kind":"OvnFip","metadata":{"name":"table"},"spec":{"ovnEip":"e","ipType":"vip","ipName":"test-fip-vip"},
         "status":{"ready":true,"vpc":"vpc1","v4Eip":"10.5.204.106","v4Ip":"192.168.0.3"}}
        """,
        "NAME VPC V4EIP V4IP READY IPTYPE IPNAME", "table vpc1 10.5.204.106 192.168.0.3 true vip test-fip-vip")]
    [InlineData("oeip",
        """
        {"kind":"OvnEip","metadata":{"name":"table"},"spec":{"externalSubnet":"underlay","type":"nat"},
         "status":{"ready":true,"v4Ip":"10.5.49.4","v6Ip":"","macAddress":"00:00:00:4D:CE:49","type":"nat","nat":"dnat","use":"dnat"}}
        """,
        "NAME V4IP V6IP MAC TYPE READY", "table 10.5.49.4 00:00:00:4D:CE:49 dnat true")]
    [InlineData("odnat",
        """
        {"kind":"OvnDnatRule","metadata":{"name":"table"},"spec":{"ovnEip":"eip-dnat","ipName":"vpc-1-busybox01.vpc1","protocol":"tcp"},
         "status":{"ready":true,"protocol":"tcp","v4Eip":"10.5.49.4","v4Ip":"192.168.0.3","internalPort":"22","externalPort":"22"}}
        """,
        "NAME EIP PROTOCOL V4EIP V4IP INTERNALPORT EXTERNALPORT IPNAME READY", "table eip-dnat tcp 10.5.49.4 192.168.0.3 22 22 vpc-1-busybox01.vpc1 true")]
    [InlineData("osnat",
        """
        {"kind":"OvnSnatRule","metadata":{"name":"table"},"spec":{"ovnEip":"e","vpcSubnet":"vpc1-subnet1"},
         "status":{"ready":true,"vpc":"vpc1","v4Eip":"10.5.204.115","v4IpCidr":"192.168.0.0/24"}}
        """,
        "NAME VPC V4EIP V4IP READY", "table vpc1 10.5.204.115 192.168.0.0/24 true")]
    [InlineData("vip",
        """
        {"kind":"Vip","metadata":{"name":"table"},"spec":{"subnet":"vpc1-subnet1"},"status":{"ready":true,"v4ip":"192.168.0.4","mac":"00:00:00:D0:C0:B5"}}
        """,
        "NAME V4IP PV4IP MAC PMAC V6IP PV6IP SUBNET READY", "table 192.168.0.4 00:00:00:D0:C0:B5 vpc1-subnet1 true")]
    [InlineData("ip",
        """
        {"kind":"IP","metadata":{"name":"table"},"spec":{"subnet":"vpc1-subnet1","nodeName":"pc-node-2","v4IpAddress":"192.168.0.2","macAddress":"00:00:00:0A:DD:27"}}
        """,
        "NAME V4IP V6IP MAC NODE SUBNET", "table 192.168.0.2 00:00:00:0A:DD:27 pc-node-2 vpc1-subnet1")]
    public async Task Tables_are_those_of_the_walkthrough(string shortName, string json, string heading, string row)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        value["apiVersion"] = "kubeovn.io/v1";
        await Kubectl(value, "create");
        if (Kinds.Kind(value) is not ("IP" or "Vip")) await Kubectl(value, "replace", "--subresource=status");

        var lines = (await Kubectl("get", shortName, "table")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => Spaces().Replace(line.Trim(), " ")).ShouldBe([heading, row]);
    }

    [Fact]
    public async Task Wide_tables_say_why_an_object_is_not_ready()
    {
        var value = JsonNode.Parse(
            """
            {"apiVersion":"kubeovn.io/v1","kind":"OvnEip","metadata":{"name":"wide"},"spec":{"externalSubnet":"external204"},
             "status":{"ready":false,"type":"nat","use":"nat",
              "conditions":[{"type":"Validated","status":"True","reason":"Fine"},{"type":"Ready","status":"False","reason":"SubnetNotFound"}]}}
            """)!.AsObject();
        await Kubectl(value, "create");
        await Kubectl(value, "replace", "--subresource=status");

        Spaces().Replace(await Kubectl("get", "oeip", "wide", "-o", "wide", "--no-headers"), " ").ShouldBe("wide nat false nat external204 SubnetNotFound ");
    }

    /// <summary>Kube-OVN writes every field, empty ones as empty strings.</summary>
    [Theory]
    [InlineData("""{"kind":"OvnEip","spec":{"externalSubnet":"","v4Ip":"","v6Ip":"","macAddress":"","type":""}}""")]
    [InlineData("""{"kind":"OvnFip","spec":{"ovnEip":"e","ipType":"","ipName":"i","vpc":"","v4Ip":"","v6Ip":"","type":""}}""")]
    [InlineData("""{"kind":"OvnSnatRule","spec":{"ovnEip":"e","vpcSubnet":"","ipName":"i","vpc":"","v4IpCidr":"","v6IpCidr":""}}""")]
    [InlineData("""{"kind":"OvnDnatRule","spec":{"ovnEip":"e","ipType":"","ipName":"i","internalPort":"","externalPort":"","vpc":"","v4Ip":"","v6Ip":""}}""")]
    [InlineData("""{"kind":"Vip","spec":{"namespace":"","subnet":"s","type":"","v4ip":"","v6ip":"","macAddress":"","selector":[],"attachSubnets":[]}}""")]
    [InlineData("""{"kind":"Subnet","spec":{"protocol":"","gatewayType":"","gatewayNode":"","cidrBlock":"10.0.0.0/24","vlan":""}}""")]
    [InlineData("""{"kind":"Vpc","spec":{"staticRoutes":[{"policy":"","cidr":"0.0.0.0/0","nextHopIP":"10.0.0.1","ecmpMode":"","bfdId":"","routeTable":""}]}}""")]
    [InlineData("""{"kind":"Vpc"}""")]
    [InlineData("""{"kind":"OvnEip"}""")]
    public async Task Empty_fields_are_accepted(string json) => await DryRun(json).RunAsync();

    /// <summary>Text that names no port, address or object is accepted: the object's status says what is wrong with it.</summary>
    [Theory]
    [InlineData("""{"kind":"OvnDnatRule","spec":{"ovnEip":"e","ipName":"i","internalPort":"http","externalPort":"70000","protocol":"tcp"}}""")]
    [InlineData("""{"kind":"OvnEip","spec":{"v4Ip":"10.5.204.300"}}""")]
    public async Task Values_are_left_to_the_controller(string json) => await DryRun(json).RunAsync();

    [Theory]
    [InlineData("""{"kind":"OvnEip","spec":{"type":"public"}}""", "spec.type")]
    [InlineData("""{"kind":"OvnFip","spec":{"ovnEip":"e","ipName":"i","ipType":"pod"}}""", "spec.ipType")]
    [InlineData("""{"kind":"OvnDnatRule","spec":{"ovnEip":"e","ipName":"i","protocol":"icmp"}}""", "spec.protocol")]
    [InlineData("""{"kind":"OvnDnatRule","spec":{"ovnEip":"e","ipName":"i","internalPort":22}}""", "spec.internalPort")]
    [InlineData("""{"kind":"Vlan","spec":{"id":4096,"provider":"p"}}""", "spec.id")]
    [InlineData("""{"kind":"Vlan","spec":{"id":1}}""", "spec.provider")]
    [InlineData("""{"kind":"ProviderNetwork","spec":{}}""", "spec.defaultInterface")]
    [InlineData("""{"kind":"ProviderNetwork","spec":{"defaultInterface":"a-very-long-nic-name"}}""", "spec.defaultInterface")]
    [InlineData("""{"kind":"ProviderNetwork","spec":{"defaultInterface":"eth 0"}}""", "spec.defaultInterface")]
    [InlineData("""{"kind":"Subnet","spec":{"protocol":"IPv5"}}""", "spec.protocol")]
    [InlineData("""{"kind":"Vpc","spec":{"policyRoutes":[{"priority":40000}]}}""", "spec.policyRoutes.priority")]
    public async Task Nonsense_is_refused_with_the_name_of_the_field(string json, string field)
    {
        var result = await DryRun(json).TryAsync();
        result.ExitCode.ShouldBe(1);
        result.Error.Replace("[0]", "", StringComparison.Ordinal).ShouldContain(field);
    }

    private static void ShouldBeSame(JsonNode? actual, JsonNode? expected) =>
        JsonNode.DeepEquals(actual, expected).ShouldBeTrue($"actual: {actual?.ToJsonString()}\nexpected: {expected?.ToJsonString()}");

    private async Task<JsonObject> Stored(JsonObject value) =>
        JsonNode.Parse(await Kubectl("get", $"{Kinds.Kind(value)}.v1.kubeovn.io", value["metadata"]!["name"]!.GetValue<string>(), "-o", "json"))!.AsObject();

    private Task<string> Kubectl(params string[] arguments) => fixture.Server.KubectlAsync(arguments);

    private Task<string> Kubectl(JsonObject value, params string[] arguments) => Command(value, arguments).RunAsync();

    // Validation by the server alone: kubectl's own would find the same before the server can say so.
    private Command DryRun(string json)
    {
        var value = JsonNode.Parse(json)!.AsObject();
        value["apiVersion"] = "kubeovn.io/v1";
        value["metadata"] = new JsonObject { ["name"] = "dry-run" };
        return Command(value, "create", "--dry-run=server", "--validate=false");
    }

    private Command Command(JsonObject value, params string[] arguments) =>
        new("kubectl", ["--kubeconfig", fixture.Server.KubeConfig, .. arguments, "-f", "-"]) { Input = value.ToJsonString() };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    /// <summary>One API server with the definitions.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public ApiServer Server { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Server = await ApiServer.StartAsync();

            try
            {
                // Before 1.25 the server's schema lacks x-kubernetes-validations, and kubectl would refuse them on its behalf.
                await Server.KubectlAsync("create", "--validate=false", "-f", Repository.Definitions);
                await Server.KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
            }
            catch
            {
                await DisposeAsync();
                throw;
            }
        }

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
