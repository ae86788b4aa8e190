using Sluice.Api;
using Sluice.Controller.Tests.Support;
using Sluice.Ko.Explaining;
using Sluice.Ko.Reading;
using Sluice.Ko.Views;
using Sluice.Kube.Core;
using Sluice.Lab.Processes;

namespace Sluice.Ko.Tests.Explaining;

/// <summary>
/// A set-up in which a FIP works as far as there is anybody to make it work: a controller and real servers, a gateway node, a node with a
/// pod. There is no ovn-northd, so that nothing ever gets to the southbound database but the chassis. Each scenario breaks one thing.
/// </summary>
internal static class Town
{
    public const string Gateway = "gate";
    public const string Worker = "worker";

    /// <summary>Everything but rules and addresses.</summary>
    public static async Task BuildAsync(this World world)
    {
        await world.CreateExternalNetworkAsync();
        await world.CreateNodeAsync(Gateway, "127.0.0.1", Names.Labels.ExternalGateway);
        await world.CreateNodeAsync(Worker, "127.0.0.2");
        await world.CreateAsync(SluiceResources.Vpcs, Vpc);
        await world.CreateAsync(SluiceResources.Subnets, Inner);
        await world.CreateAsync(CoreResources.Pods, Web());
        await world.EventuallyAsync(SluiceResources.Ips, "web.default", ip => ip.Spec.MacAddress is not null);
    }

    /// <summary>A FIP with the OvnEip of its name, ready as far as the controller can see.</summary>
    public static async Task CreateFipAsync(this World world, string name)
    {
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip(name));
        await world.CreateAsync(SluiceResources.OvnFips, Objects.Fip(name, name, "web.default"));
        await world.EventuallyAsync(SluiceResources.OvnFips, name, fip => fip.Status?.Ready == true);
    }

    /// <summary>Claims a port for the chassis of a node, once ovn-northd has made it.</summary>
    public static Task<string> ClaimAsync(this World world, string port, string node) => world.SbctlAsync(
        "--timeout=30", "wait-until", "Port_Binding", port, "logical_port=" + port, "--", "lsp-bind", port, $"chassis-{node}", "--", "set", "Port_Binding", port, "up=true");

    public static Vpc Vpc => new() { Metadata = new() { Name = "vpc1" }, Spec = new() { EnableExternal = true } };

    public static Subnet Inner => new() { Metadata = new() { Name = "inner" }, Spec = new() { CidrBlock = "192.168.0.0/24", Vpc = "vpc1" } };

    public static Pod Web(string subnet = "inner") => Objects.Pod(
        "web", Worker, new Dictionary<string, string> { [PodAnnotations.Default.LogicalSwitch] = subnet });

    public static Task<string> SbctlAsync(this World world, params string[] arguments) =>
        new Command("ovn-sbctl", [$"--db={world.Options.SouthboundAddress}", .. arguments]).RunAsync();

    public static async Task<Explainer> ExplainerAsync(this World world) => new(await world.SurveyAsync());

    public static Task<Survey> SurveyAsync(this World world) => new SurveyReader(
        world.Kube, world.Options.NorthboundAddress, world.Options.SouthboundAddress, ["--external-gateway-switch=external204"], "kube-system", TimeProvider.System)
        .ReadAsync(CancellationToken.None);

    /// <summary>What a user reads first.</summary>
    public static string FirstLine(Explanation explanation)
    {
        using var output = new StringWriter();
        TextView.Write(explanation, KoConsole.To(output));
        return output.ToString().Split('\n')[0].TrimEnd();
    }

    /// <summary>A node with a working bridge, a chassis and, where they are given, more labels.</summary>
    private static async Task CreateNodeAsync(this World world, string name, string address, params string[] labels)
    {
        var (chassis, all) = ($"chassis-{name}", labels.Append(Names.Labels.ProviderNetworkReady("external204")));
        await world.CreateAsync(CoreResources.Nodes, new Node
        {
            Metadata = new()
            {
                Name = name,
                Labels = all.ToDictionary(label => label, _ => "true", StringComparer.Ordinal),
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = chassis },
            },
        });
        await world.SbctlAsync("chassis-add", chassis, "geneve", address, "--", "set", "Chassis", chassis, $"hostname={name}");
    }
}
