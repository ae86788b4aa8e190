using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Agent.Options;
using Sluice.Agent.Ovs;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Lab;
using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Agent.Tests.Support;

/// <summary>A node: a namespace with an Open vSwitch of its own, and an agent that can be started and stopped.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private const string Place = "node";

    private readonly ClusterFixture _cluster;
    private readonly LabLayout _layout;
    private readonly OvsInstance _switch;
    private readonly LogRecorder _log = new();
    private CancellationTokenSource? _stop;
    private Task _agent = Task.CompletedTask;

    private TestNode(ClusterFixture cluster, LabLayout layout, TestNamespace host)
    {
        _cluster = cluster;
        _layout = layout;
        Host = host;
        _switch = new OvsInstance(layout, Place);
        Ovs = new OvsDatabase(_switch.Remote, NullLogger.Instance, TimeProvider.System);
    }

    public string Name => _layout.Name;

    public TestNamespace Host { get; }

    /// <summary>A look at the database, beside the agent's.</summary>
    public OvsDatabase Ovs { get; }

    public string CniSocket => Path.Combine(_layout.Root, "agent.sock");

    public AgentOptions Options => new()
    {
        NodeName = Name,
        OvsSocket = _switch.Remote,
        BindSocket = CniSocket,
        HealthPort = 0,
        Mtu = 1400,
        GatewayNamespace = GatewayNamespace,
    };

    /// <summary>Where the node's gateway port is.</summary>
    public string GatewayNamespace => _layout.NamespaceOf("ovnext");

    /// <param name="customize">What is different about this Node.</param>
    public static async Task<TestNode> CreateAsync(ClusterFixture cluster, Func<Node, Node>? customize = null)
    {
        var layout = new LabLayout($"t{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        var node = new TestNode(cluster, layout, await TestNamespace.CreateAsync(layout.NamespaceOf(Place)));
        await node._switch.CreateAsync();
        await node.VsctlAsync("set", "Open_vSwitch", ".", $"external_ids:system-id=chassis-{node.Name}", "external_ids:ovn-bridge-datapath-type=netdev");
        await node.VsctlAsync("add-br", "br-int", "--", "set", "Bridge", "br-int", "datapath_type=netdev");
        await node.Ovs.StartAsync(CancellationToken.None);
        var self = new Node { Metadata = new ObjectMeta { Name = node.Name } };
        await cluster.Admin.CreateAsync(CoreResources.Nodes, customize?.Invoke(self) ?? self);
        return node;
    }

    /// <summary>Starts the agent; what it needs is waited for by the tests.</summary>
    public void StartAgent(AgentOptions? options = null)
    {
        _stop = new CancellationTokenSource();
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log).AddFilter("Microsoft", LogLevel.Warning));
        _agent = Task.Run(() => new AgentHost(options ?? Options, _cluster.AgentConfig, Host.Network, loggers, TimeProvider.System).RunAsync(_stop.Token));
    }

    public async Task StopAgentAsync()
    {
        if (_stop is null)
            return;
        await _stop.CancelAsync();
        try
        {
            await _agent;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        _stop.Dispose();
        _stop = null;
    }

    /// <summary>Kills ovs-vswitchd and starts it again.</summary>
    public async Task RestartSwitchAsync()
    {
        await _switch.Switch.KillAsync();
        await _switch.Switch.StartAsync();
    }

    public Task<string> VsctlAsync(params string[] arguments) => _switch.Vsctl(arguments).RunAsync();

    public Task<Node> GetAsync() => _cluster.Admin.GetAsync(CoreResources.Nodes, ns: null, Name);

    /// <summary>All that the agent has logged.</summary>
    public string Log => _log.ToString();

    public async ValueTask DisposeAsync()
    {
        await StopAgentAsync();
        await Ovs.DisposeAsync();
        await _switch.Switch.KillAsync();
        await _switch.Server.KillAsync();
        if (NetworkNamespaces.Exists(GatewayNamespace))
        {
            await NetworkNamespaces.KillProcessesAsync(GatewayNamespace);
            await NetworkNamespaces.DeleteAsync(GatewayNamespace);
        }
        await Host.DisposeAsync();
        Directory.Delete(_layout.Root, recursive: true);
        await _cluster.Admin.DeleteAsync(CoreResources.Nodes, ns: null, Name);
    }
}
