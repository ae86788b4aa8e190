using System.Security.Cryptography;
using Sluice.Api;
using Sluice.Controller.Admission;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Admission;

/// <summary>Registers the webhook with the shared API server, as deploy/webhook does, for the tests of one class.</summary>
internal sealed class WebhookFixture
{
    private readonly ApiServerFixture _server;

    private WebhookFixture(ApiServerFixture server) => _server = server;

    /// <summary>Of a controller that serves the webhook on a loopback address of its own, where the API server reaches it.</summary>
    public ControllerOptions Options { get; } = OptionsAt(RandomNumberGenerator.GetInt32(1, 255));

    public static async Task<WebhookFixture> RegisterAsync(ApiServerFixture server)
    {
        await server.KubectlAsync("delete", "--ignore-not-found", "validatingwebhookconfiguration,mutatingwebhookconfiguration", WebhookConfiguration.Name);
        await server.KubectlAsync("apply", "-f", Path.Combine(ApiServerFixture.Repository(), "deploy/webhook"));
        return new WebhookFixture(server);
    }

    /// <summary>Waits until the API server asks and is answered.</summary>
    public Task AnswersAsync() => Eventually.HoldsAsync(async () => await RefusalAsync(TooLong) is not null, () => "", "the webhook answers");

    /// <summary>Waits until the API server asks and nobody answers, or asks no more.</summary>
    public Task IsSilentAsync() => Eventually.HoldsAsync(async () => await RefusalAsync(TooLong) is null, () => "", "the webhook is silent");

    public async Task UnregisterAsync()
    {
        await _server.KubectlAsync("delete", "--ignore-not-found", "validatingwebhookconfiguration,mutatingwebhookconfiguration", WebhookConfiguration.Name);
        await _server.KubectlAsync("delete", "--ignore-not-found", "secret", "-n", "kube-system", CertificateKeeper.SecretName);
    }

    /// <summary>The refusal of what can never work; null when it was created, and removed again.</summary>
    private async Task<string?> RefusalAsync(ProviderNetwork network)
    {
        try
        {
            await _server.Kube.CreateAsync(SluiceResources.ProviderNetworks, network);
        }
        catch (KubeException e) when (e.IsInvalid)
        {
            return e.Message;
        }
        await _server.Kube.DeleteAsync(SluiceResources.ProviderNetworks, null, network.Metadata.Name);
        return null;
    }

    public static ProviderNetwork TooLong => new() { Metadata = new() { Name = "much-too-long-name" }, Spec = new() { DefaultInterface = "vlan" } };

    private static ControllerOptions OptionsAt(int host) => new()
    {
        ExternalGatewaySwitch = "external204",
        HttpAddress = new([127, 255, 255, (byte)host]),
        Webhook = new() { IsEnabled = true, Url = new($"https://127.255.255.{host}:8443") },
    };
}
