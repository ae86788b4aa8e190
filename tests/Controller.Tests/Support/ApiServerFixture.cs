using System.Runtime.CompilerServices;
using Sluice.Kube;
using Sluice.Lab.ControlPlane;

namespace Sluice.Controller.Tests.Support;

/// <summary>One real kube-apiserver with our definitions, shared by all scenarios, which run one after the other.</summary>
public sealed class ApiServerFixture : IAsyncLifetime
{
    private ApiServer? _server;

    /// <summary>Talks to it as an administrator.</summary>
    public KubeClient Kube { get; private set; } = null!;

    /// <summary>The kubeconfig of a controller, which may do what deploy/rbac allows and nothing more.</summary>
    public string ControllerKubeConfig { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _server = await ApiServer.StartAsync();
        Kube = new KubeClient(KubeConfig.Load(_server.KubeConfig));
        // An old server does not know all that a definition may say, and leaves it out.
        await KubectlAsync("apply", "--validate=false", "-f", Path.Combine(Repository(), "deploy/crds"));
        await KubectlAsync("apply", "-f", Path.Combine(Repository(), "deploy/rbac/controller.yaml"));
        ControllerKubeConfig = await _server.CreateKubeConfigAsync("sluice:controller");
        await KubectlAsync("wait", "--for=condition=Established", "--timeout=60s", "crd", "--all");
    }

    public async Task DisposeAsync()
    {
        Kube.Dispose();
        await _server!.DisposeAsync();
    }

    public Task<string> KubectlAsync(params string[] arguments) => _server!.KubectlAsync(arguments);

    public static string Repository([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Sluice.slnx")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

[CollectionDefinition(Name)]
public sealed class ScenarioCollection : ICollectionFixture<ApiServerFixture>
{
    public const string Name = "scenarios";
}
