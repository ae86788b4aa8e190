using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Sluice.Kube.Core;

namespace Sluice.Kube.Tests.Server;

/// <summary>Whom the client trusts, whom the server trusts, and what it lets them do.</summary>
[Collection(nameof(ApiServerFixture))]
public sealed class ConnectionTests(ApiServerFixture api) : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private string _namespace = "";

    private KubeConfig Admin => api.Client.Config;

    public async Task InitializeAsync() => _namespace = await api.NewNamespaceAsync();

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_denial_says_who_may_not_do_what()
    {
        var config = KubeConfig.Load(await api.Server.CreateKubeConfigAsync("system:nobody", "strangers"));
        using var client = new KubeClient(config);

        var denied = await Should.ThrowAsync<KubeException>(client.ListAsync(Widget.Type, new ListOptions { Namespace = _namespace }));

        (denied.IsForbidden, denied.IsTransient).ShouldBe((true, false));
        denied.Message.ShouldBe(
            $"GET /apis/test.sluice/v1/namespaces/{_namespace}/widgets?limit=500: Forbidden (403): widgets.test.sluice is forbidden: "
            + $"User \"system:nobody\" cannot list resource \"widgets\" in API group \"test.sluice\" in the namespace \"{_namespace}\"");
    }

    [Fact]
    public async Task An_impersonated_user_has_that_users_rights()
    {
        using var client = new KubeClient(Admin with { Impersonate = "someone", ImpersonateGroups = ["a", "b"] });

        var denied = await Should.ThrowAsync<KubeException>(client.ListAsync(CoreResources.Nodes));

        denied.Message.ShouldContain("User \"someone\" cannot list resource \"nodes\"");
    }

    [Fact]
    public async Task A_server_that_nobody_we_trust_vouches_for_is_not_talked_to()
    {
        using var authority = Lab.ControlPlane.CertificateAuthority.Create("other");

        (await FailureAsync(Admin with { CertificateAuthority = PemSource.Inline(authority.Certificate) })).ShouldContain("certificate");
        (await FailureAsync(Admin with { CertificateAuthority = null })).ShouldContain("certificate");
    }

    [Fact]
    public async Task The_servers_certificate_must_name_it()
    {
        (await FailureAsync(Admin with { TlsServerName = "elsewhere.example" })).ShouldContain("RemoteCertificateNameMismatch");

        await SucceedsAsync(Admin with { TlsServerName = "kubernetes.default.svc" });
    }

    [Fact]
    public Task Whoever_insists_may_trust_anyone() =>
        SucceedsAsync(Admin with { CertificateAuthority = null, TlsServerName = "elsewhere.example", InsecureSkipTlsVerify = true });

    [Fact]
    public Task Certificates_may_be_files() => SucceedsAsync(Admin with
    {
        CertificateAuthority = PemSource.File(_folder.Write("ca.crt", Admin.CertificateAuthority!.Read())),
        ClientCertificate = PemSource.File(_folder.Write("client.crt", Admin.ClientCertificate!.Read())),
        ClientKey = PemSource.File(_folder.Write("client.key", Admin.ClientKey!.Read())),
    });

    [Fact]
    public async Task Without_credentials_one_is_nobody() =>
        (await FailureAsync(Anonymous())).ShouldContain("User \"system:anonymous\"");

    [Fact]
    public async Task A_wrong_token_is_refused() => (await FailureAsync(Anonymous() with { Token = "wrong" })).ShouldContain("Unauthorized (401)");

    [Fact]
    public async Task A_service_account_is_known_by_its_token_however_that_is_given()
    {
        var token = await ServiceAccountTokenAsync();

        (await FailureAsync(Anonymous() with { Token = token })).ShouldContain($"User \"system:serviceaccount:{_namespace}:robot\"");
        (await FailureAsync(Anonymous() with { TokenFile = _folder.Write("token", token) })).ShouldContain($"User \"system:serviceaccount:{_namespace}:robot\"");
        var printed = new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["kind"] = "ExecCredential",
            ["status"] = new JsonObject { ["token"] = token },
        };
        (await FailureAsync(Anonymous() with { Exec = Printing(printed) })).ShouldContain($"User \"system:serviceaccount:{_namespace}:robot\"");
    }

    [Fact]
    public async Task A_program_may_print_the_client_certificate()
    {
        var printed = new JsonObject
        {
            ["apiVersion"] = "client.authentication.k8s.io/v1",
            ["kind"] = "ExecCredential",
            ["status"] = new JsonObject
            {
                ["clientCertificateData"] = Admin.ClientCertificate!.Read(),
                ["clientKeyData"] = Admin.ClientKey!.Read(),
            },
        };

        await SucceedsAsync(Anonymous() with { Exec = Printing(printed) });
    }

    [Fact]
    public async Task Many_requests_share_few_HTTP2_connections()
    {
        var connections = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "System.Net.Http", Name: "http.client.open_connections" })
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, change, tags, _) =>
        {
            var values = tags.ToArray().ToDictionary();
            if (change > 0 && Equals(values["server.address"], Admin.Server.Host) && Equals(values["http.connection.state"], "active"))
                connections.Enqueue((string)values["network.protocol.version"]!);
        });
        listener.Start();
        using var client = new KubeClient(Admin);

        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => client.ListAsync(CoreResources.Namespaces)));

        connections.Distinct().ShouldBe(["2"]);
        connections.Count.ShouldBeLessThan(10);
    }

    private static async Task SucceedsAsync(KubeConfig config)
    {
        using var client = new KubeClient(config);
        await client.ListAsync(CoreResources.Nodes);
    }

    private static async Task<string> FailureAsync(KubeConfig config) =>
        (await Should.ThrowAsync<KubeException>(SucceedsAsync(config))).Message;

    private KubeConfig Anonymous() => Admin with { ClientCertificate = null, ClientKey = null };

    private ExecCredentialCommand Printing(JsonObject credential) => new()
    {
        ApiVersion = (string)credential["apiVersion"]!,
        Command = _folder.Script("login", $"cat {_folder.Write("credential", credential.ToJsonString())}"),
    };

    private async Task<string> ServiceAccountTokenAsync()
    {
        var accounts = CoreResources.Unstructured("", "v1", "serviceaccounts", "ServiceAccount", namespaced: true);
        await api.Client.CreateAsync(accounts, new UnstructuredObject { Metadata = new ObjectMeta { Namespace = _namespace, Name = "robot" } });
        return (await api.Server.KubectlAsync("create", "token", "robot", "--namespace", _namespace)).Trim();
    }
}
