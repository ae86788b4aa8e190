using System.Globalization;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab;
using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Bench.EndToEnd;

/// <summary>
/// A real API server, etcd and OVN without nodes: what is measured is the control plane. The controller is a process of its own and is
/// started when a scenario wants it, so that floors are measured in the same cluster without it.
/// </summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    public const string External = LabOptions.ExternalSwitch;
    public const string Vpc = "bench";

    private const int ControllerPort = 10660;

    private BenchCluster(LabCluster lab)
    {
        Lab = lab;
        Client = new KubeClient(KubeConfig.Load(lab.ControlPlane.AdminKubeConfig));
    }

    public LabCluster Lab { get; }

    public KubeClient Client { get; }

    /// <summary>Brings it up, with a VPC that is connected once there is a controller.</summary>
    /// <param name="webhook">Whether the controller completes new objects on admission, once the API server is told: <see cref="ReviewAsync"/>.</param>
    public static async Task<BenchCluster> UpAsync(CancellationToken cancellation, bool webhook = false)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"b{Environment.ProcessId}");
        BenchCluster? cluster = null;
        try
        {
            cluster = new(await LabCluster.UpAsync(
                new LabOptions
                {
                    Name = name,
                    Nodes = 1,
                    ControllerArguments = webhook ? ["--enable-webhook", "--webhook-url=https://127.0.0.1:8443"] : [],
                    Without = ["controller", "agent", "kubelet"],
                    ControllerProgram = Published.Controller,
                },
                cancellation: cancellation));
            await cluster.PrepareAsync(cancellation);
            return cluster;
        }
        catch
        {
            cluster?.Client.Dispose();
            await LabCluster.DownAsync(name, CancellationToken.None);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await LabCluster.DownAsync(Lab.Options.Name);
    }

    public Task StartControllerAsync(CancellationToken cancellation) => Lab.Controller.StartAsync(cancellation);

    /// <summary>
    /// Waits until the controller leads, knows everything and has nothing left to do. Asks seldom: the page counts all objects, which is
    /// work for the controller.
    /// </summary>
    public async Task IdleAsync(CancellationToken cancellation)
    {
        while (!(await MetricsAsync(cancellation)).Contains("\nsluice_queue_idle 1\n", StringComparison.Ordinal))
            await Task.Delay(50, cancellation);
    }

    /// <summary>Has the API server ask the controller about new objects, and returns when they are completed on admission.</summary>
    public async Task ReviewAsync(CancellationToken cancellation)
    {
        await Lab.Kubectl("apply", "-f", ProjectFiles.Manifests("webhook")).RunAsync(cancellation);
        for (var isReviewed = false; !isReviewed;)
        {
            var created = await Client.CreateAsync(SluiceResources.OvnEips, Pairs.Eip("probe"), cancellation);
            isReviewed = created.Metadata.Label(Names.Labels.EipV4Ip) is not null;
            await Client.DeleteAsync(SluiceResources.OvnEips, null, "probe", cancellationToken: cancellation);
            while (await Client.FindAsync(SluiceResources.OvnEips, null, "probe", cancellation) is not null)
                await Task.Delay(10, cancellation);
        }
    }

    /// <summary>The resident set of a program now, in MB (proc(5), VmRSS).</summary>
    public static double Megabytes(Component component)
    {
        var line = File.ReadLines($"/proc/{Pid(component)}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.AsSpan(6, line.Length - 6 - 3).Trim(), CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>The sum of the controller's samples of one name, and of one label value when given.</summary>
    public async Task<double> MetricAsync(string name, string label, CancellationToken cancellation)
    {
        var text = await MetricsAsync(cancellation);
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    public Task<double> TransactionsAsync(CancellationToken cancellation) =>
        MetricAsync("sluice_northbound_transactions_total", "committed", cancellation);

    public Task<double> ApiWritesAsync(CancellationToken cancellation) => MetricAsync("sluice_api_writes_total", "", cancellation);

    /// <summary>Creates a connected VPC with a subnet for the addresses of <see cref="Pairs"/>.</summary>
    public async Task CreateVpcAsync(string name, CancellationToken cancellation)
    {
        await Client.CreateAsync(SluiceResources.Vpcs, new Vpc { Metadata = Named(name), Spec = new() { EnableExternal = true } }, cancellation);
        await Client.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = Named($"{name}-inner"),
            Spec = new() { Protocol = "IPv4", CidrBlock = "10.0.0.0/8", Gateway = "10.255.255.254", Vpc = name },
        }, cancellation);
    }

    private async Task<string> MetricsAsync(CancellationToken cancellation) =>
        await NamespaceSocket.GetAsync(Lab.Layout.NamespaceOf(LabLayout.Central), ControllerPort, "/metrics", cancellation) ?? "";

    private static int Pid(Component component) => component.Process?.Pid ?? throw new InvalidOperationException($"{component.Id} does not run");

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await Client.CreateAsync(CoreResources.Nodes, new Node
        {
            Metadata = new()
            {
                Name = "gateway",
                Labels = new Dictionary<string, string> { [Names.Labels.ExternalGateway] = "true" },
                Annotations = new Dictionary<string, string> { [Names.Annotations.Chassis] = "gateway-chassis" },
            },
        }, cancellation);
        await Client.CreateAsync(SluiceResources.ProviderNetworks, new ProviderNetwork
        {
            Metadata = Named(External), Spec = new() { DefaultInterface = "vlan" },
        }, cancellation);
        await Client.CreateAsync(SluiceResources.Vlans, new Vlan { Metadata = Named("bench"), Spec = new() { Id = 204, Provider = External } }, cancellation);
        await Client.CreateAsync(SluiceResources.Subnets, new Subnet
        {
            Metadata = Named(External),
            Spec = new() { Protocol = "IPv4", CidrBlock = "172.16.0.0/12", Gateway = "172.31.255.254", Vlan = "bench" },
        }, cancellation);
        await CreateVpcAsync(Vpc, cancellation);
    }

    private static ObjectMeta Named(string name) => new() { Name = name };
}
