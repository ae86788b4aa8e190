using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Kube.Core;
using Sluice.Lab.ControlPlane;

namespace Sluice.Kube.Tests.Server;

/// <summary>One real kube-apiserver and etcd for all tests of a collection; each test has a namespace of its own.</summary>
public sealed class ApiServerFixture : IAsyncLifetime
{
    private int _namespaces;

    public ApiServer Server { get; private set; } = null!;

    /// <summary>A cluster administrator.</summary>
    public KubeClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await ApiServer.StartAsync();
        Client = new KubeClient(KubeConfig.Load(Server.KubeConfig), new KubeClientOptions { FieldManager = "tests" });
        await Client.PatchAsync(
            CoreResources.CustomResourceDefinitions,
            null,
            "widgets.test.sluice",
            Patch.Apply((JsonObject)KubeYaml.Parse(Widget.Definition).Single(), "tests"));
        await IsServedAsync();
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public async Task<string> NewNamespaceAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test-{Interlocked.Increment(ref _namespaces)}");
        await Client.CreateAsync(CoreResources.Namespaces, new Namespace { Metadata = new ObjectMeta { Name = name } });
        return name;
    }

    /// <summary>A definition is served a moment after it was stored.</summary>
    public async Task IsServedAsync()
    {
        while (true)
        {
            try
            {
                await Client.ListAsync(Widget.Type);
                return;
            }
            catch (KubeException e) when (e.IsNotFound)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }
}

[CollectionDefinition(nameof(ApiServerFixture))]
public sealed class ApiServerCollection : ICollectionFixture<ApiServerFixture>;
