using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Api;
using Sluice.Controller.Admission;
using Sluice.Controller.Options;
using Sluice.Controller.Tests.Support;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Tests.Admission;

/// <summary>Who answers, with what certificate, and what happens when nobody does.</summary>
[Collection(ScenarioCollection.Name)]
public sealed class WebhookScenarios(ApiServerFixture server) : IAsyncLifetime
{
    private WebhookFixture _webhook = null!;

    public async Task InitializeAsync() => _webhook = await WebhookFixture.RegisterAsync(server);

    public Task DisposeAsync() => _webhook.UnregisterAsync();

    [Fact]
    public async Task One_that_waits_to_be_elected_answers_and_when_it_is_gone_everything_is_accepted()
    {
        await using var world = await World.StartAsync(server);
        using var stop = new CancellationTokenSource();
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        var standby = new ControllerHost(
            world.Options with { HttpAddress = _webhook.Options.HttpAddress, Webhook = _webhook.Options.Webhook, Election = world.Options.Election with { Identity = "standby" } },
            kube, NullLoggerFactory.Instance, TimeProvider.System);
        var running = standby.RunAsync(stop.Token);

        await _webhook.AnswersAsync();
        standby.Term.ShouldBeNull();

        await stop.CancelAsync();
        (await running).ShouldBeFalse();
        await _webhook.IsSilentAsync();
    }

    [Fact]
    public async Task Fail_closed_refuses_everything_while_nobody_answers()
    {
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        using var keeper = Keeper(kube, TimeProvider.System, _webhook.Options with { Webhook = _webhook.Options.Webhook with { FailClosed = true } });
        await keeper.EnsureAsync(CancellationToken.None);

        await FailsAsync(SluiceResources.ProviderNetworks, Objects.ProviderNetwork, "review.kubeovn.io");
        await FailsAsync(SluiceResources.OvnEips, Objects.Eip("e", "10.5.204.150"), "prepare.kubeovn.io");

        Task FailsAsync<T>(ResourceType<T> type, T item, string webhook)
            where T : KubeObject => Eventually.HoldsAsync(
                async () =>
                {
                    try
                    {
                        await server.Kube.CreateAsync(type, item);
                        await server.Kube.DeleteAsync(type, null, item.Metadata.Name);
                        return false;
                    }
                    catch (KubeException e) when (!e.IsInvalid && e.Message.Contains(webhook, StringComparison.Ordinal))
                    {
                        return true;
                    }
                },
                () => "",
                $"no {type.Kind} is created");
    }

    [Fact]
    public async Task Fail_closed_does_not_keep_a_leader_from_making_the_default_objects()
    {
        var options = _webhook.Options with { Webhook = _webhook.Options.Webhook with { FailClosed = true } };
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        using var keeper = Keeper(kube, TimeProvider.System, options);
        await keeper.EnsureAsync(CancellationToken.None);

        await using var world = await World.StartAsync(server, options);
        (await world.Kube.FindAsync(SluiceResources.Vpcs, null, "ovn-cluster")).ShouldNotBeNull();
        (await world.Kube.FindAsync(SluiceResources.Subnets, null, "ovn-default")).ShouldNotBeNull();
        (await world.Kube.FindAsync(SluiceResources.Subnets, null, "join")).ShouldNotBeNull();

        await world.DeleteAsync(SluiceResources.Subnets, "join");
        await world.EventuallyGoneAsync(SluiceResources.Subnets, "join");
        await world.RestartControllerAsync();
        await world.EventuallyAsync(SluiceResources.Subnets, "join", subnet => subnet.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
        await _webhook.UnregisterAsync();
    }

    [Fact]
    public async Task A_leader_whose_default_objects_are_refused_goes_on_and_makes_them_when_it_can()
    {
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        using var keeper = Keeper(kube, TimeProvider.System, _webhook.Options with { Webhook = _webhook.Options.Webhook with { FailClosed = true } });
        await keeper.EnsureAsync(CancellationToken.None);

        await using var world = await World.StartAsync(server);
        world.Controller.Term.IsInSync.ShouldBeTrue();
        (await world.Kube.FindAsync(SluiceResources.Vpcs, null, "ovn-cluster")).ShouldBeNull();

        await _webhook.UnregisterAsync();
        await world.EventuallyAsync(SluiceResources.Vpcs, "ovn-cluster", vpc => vpc.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
        await world.EventuallyAsync(SluiceResources.Subnets, "ovn-default", subnet => subnet.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
        await world.EventuallyAsync(SluiceResources.Subnets, "join", subnet => subnet.Status?.Conditions.IsTrue(ConditionTypes.Ready) == true);
    }

    [Fact]
    public async Task Replicas_agree_on_a_certificate_and_renew_it_before_it_ends_while_they_answer()
    {
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        // So long ago that what was issued then is due now, but has not ended.
        var time = new ShiftedClock { Shift = -(ServingCertificate.Lifetime - ServingCertificate.RenewBefore) - TimeSpan.FromDays(1) };
        await using var admission = new AdmissionServer(_webhook.Options, kube, NullLoggerFactory.Instance, time);
        using var stop = new CancellationTokenSource();
        admission.Follow();
        var running = admission.RunAsync(stop.Token);
        await _webhook.AnswersAsync();
        var first = admission.Certificates.Current!.Thumbprint;

        using var other = Keeper(kube, time, _webhook.Options);
        await other.EnsureAsync(CancellationToken.None);
        other.Current!.Thumbprint.ShouldBe(first);

        // It becomes due: one of the two renews it, and the other goes on with what it has, which is still trusted, until it sees.
        time.Shift = TimeSpan.Zero;
        await other.EnsureAsync(CancellationToken.None);
        other.Current!.Thumbprint.ShouldNotBe(first);
        await _webhook.AnswersAsync();
        await admission.Certificates.EnsureAsync(CancellationToken.None);
        admission.Certificates.Current!.Thumbprint.ShouldBe(other.Current!.Thumbprint);
        await _webhook.AnswersAsync();

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task What_others_do_to_Secret_and_configuration_is_put_right_and_then_left_alone()
    {
        using var kube = new KubeClient(KubeConfig.Load(server.ControllerKubeConfig));
        using var keeper = Keeper(kube, TimeProvider.System, _webhook.Options);
        await keeper.EnsureAsync(CancellationToken.None);
        var good = await ConfigurationAsync();

        await server.KubectlAsync("patch", "validatingwebhookconfiguration", "sluice", "--type=json", "-p", """[{"op": "remove", "path": "/webhooks/0/clientConfig/caBundle"}]""");
        await keeper.EnsureAsync(CancellationToken.None);
        var repaired = await ConfigurationAsync();
        Bundle(repaired).ShouldBe(Bundle(good));

        await keeper.EnsureAsync(CancellationToken.None);
        (await ConfigurationAsync()).Metadata.ResourceVersion.ShouldBe(repaired.Metadata.ResourceVersion);

        await server.KubectlAsync("patch", "secret", "-n", "kube-system", CertificateKeeper.SecretName, "-p", """{"data": {"tls.key": "bm90IGEga2V5"}}""");
        await keeper.EnsureAsync(CancellationToken.None);
        var secret = await server.Kube.GetAsync(CoreResources.Secrets, "kube-system", CertificateKeeper.SecretName);
        ServingCertificate.Read(secret.Data)!.Certificate.Thumbprint.ShouldBe(keeper.Current!.Thumbprint);
        Bundle(await ConfigurationAsync()).ShouldNotBe(Bundle(good));

        Task<UnstructuredObject> ConfigurationAsync() => server.Kube.GetAsync(WebhookConfiguration.Validating, null, WebhookConfiguration.Name);

        static string Bundle(UnstructuredObject configuration) => configuration["webhooks"]![0]!["clientConfig"]!["caBundle"]!.ToString();
    }

    private static CertificateKeeper Keeper(KubeClient kube, TimeProvider time, ControllerOptions options) =>
        new(kube, options, NullLogger<CertificateKeeper>.Instance, time);
}
