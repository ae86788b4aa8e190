using Sluice.Kube;
using Sluice.Lab.ControlPlane;

namespace Sluice.Agent.Tests.Support;

/// <summary>One real API server, with our kinds and the agent's role, for all tests that need one; each uses names of its own.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    private ApiServer _server = null!;

    /// <summary>The administrator.</summary>
    internal KubeClient Admin { get; private set; } = null!;

    /// <summary>What an agent is started with: it has its own rights and no others.</summary>
    internal KubeConfig AgentConfig { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();

        // The server is older than the rules in our schemas; it drops what it does not know.
        await _server.KubectlAsync("apply", "--validate=false", "-f", Path.Combine(Repository.Root, "deploy", "crds"), "-f", Path.Combine(Repository.Root, "deploy", "rbac", "agent.yaml"));
        await _server.KubectlAsync("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
        Admin = new KubeClient(KubeConfig.Load(_server.KubeConfig));
        AgentConfig = KubeConfig.Load(await _server.CreateKubeConfigAsync("test:agent", "sluice:agents"));
    }

    /// <inheritdoc cref="ApiServer.KubectlAsync"/>
    public Task<string> KubectlAsync(params string[] arguments) => _server.KubectlAsync(arguments);

    public async Task DisposeAsync()
    {
        Admin.Dispose();
        await _server.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "cluster";
}
