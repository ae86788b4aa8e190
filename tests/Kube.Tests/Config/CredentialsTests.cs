using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Kube.Tests.Config;

public sealed class CredentialsTests : IDisposable
{
    private static readonly KubeConfig Anonymous = new() { Server = new Uri("https://server.example") };

    private readonly TempFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_configured_adds_nothing() => (await HeadersAsync(Anonymous)).ShouldBe("");

    [Fact]
    public async Task Token_password_and_impersonation_become_headers()
    {
        (await HeadersAsync(Anonymous with { Token = "t" })).ShouldBe("Authorization: Bearer t");
        (await HeadersAsync(Anonymous with { Username = "u", Password = "p" })).ShouldBe("Authorization: Basic dTpw");
        (await HeadersAsync(Anonymous with { Token = "t", Impersonate = "o", ImpersonateGroups = ["a", "b"] }))
            .ShouldBe("Authorization: Bearer t; Impersonate-User: o; Impersonate-Group: a, b");
    }

    [Fact]
    public async Task A_rotated_token_file_is_read_again()
    {
        var path = _folder.Write("token", "one\n");
        using var credentials = new Credentials(Anonymous with { TokenFile = path, Token = "inline" }, _time);
        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer one");

        _folder.Write("token", "two\n");
        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer one");
        _time.Advance(TimeSpan.FromMinutes(1));
        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer two");

        File.Delete(path);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer two");
    }

    [Fact]
    public async Task A_refused_token_is_read_again_at_once()
    {
        var path = _folder.Write("token", "one");
        using var credentials = new Credentials(Anonymous with { TokenFile = path }, _time);
        await HeadersAsync(credentials);
        _folder.Write("token", "two");

        credentials.Refused();

        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer two");
    }

    [Fact]
    public async Task A_missing_token_file_is_an_error() =>
        (await Should.ThrowAsync<KubeConfigException>(HeadersAsync(Anonymous with { TokenFile = _folder.File("none") })))
            .Message.ShouldContain(_folder.File("none"));

    [Theory]
    [InlineData("client.authentication.k8s.io/v1")]
    [InlineData("client.authentication.k8s.io/v1beta1")]
    public async Task A_program_prints_a_token_which_is_kept_until_it_expires(string version)
    {
        var script = _folder.Script("login", $$$"""
            echo x >> {{{_folder.File("runs")}}}
            echo '{"apiVersion": "{{{version}}}", "kind": "ExecCredential", "status": {"token": "t'$(wc -l < {{{_folder.File("runs")}}})'", "expirationTimestamp": "2030-01-01T01:00:00Z"}}'
            """);
        using var credentials = new Credentials(Executing(script, version), _time);

        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer t1");
        _time.Advance(TimeSpan.FromMinutes(59));
        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer t1");
        _time.Advance(TimeSpan.FromSeconds(40));
        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer t2");
        credentials.Refused();
        (await HeadersAsync(credentials)).ShouldBe("Authorization: Bearer t3");
    }

    [Fact]
    public async Task A_program_is_told_about_the_cluster_and_its_environment()
    {
        var ca = _folder.Write("ca.crt", "PEM");
        var script = _folder.Script("login", $$$"""
            printf '%s' "$KUBERNETES_EXEC_INFO" > {{{_folder.File("info")}}}
            echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"token": "'"$1-$EXTRA"'"}}'
            """);
        var config = Executing(script) with { CertificateAuthority = PemSource.File(ca), TlsServerName = "kubernetes" };
        config = config with
        {
            Exec = config.Exec! with { Args = ["a b"], Environment = new Dictionary<string, string> { ["EXTRA"] = "e" }, ProvideClusterInfo = true },
        };

        (await HeadersAsync(config)).ShouldBe("Authorization: Bearer a b-e");
        (await File.ReadAllTextAsync(_folder.File("info"))).ShouldBe(
            """
            {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","spec":{"interactive":false,"cluster":{"server":"https://server.example/","tls-server-name":"kubernetes","certificate-authority-data":"UEVN"}}}
            """);
    }

    [Fact]
    public async Task A_program_may_print_a_certificate()
    {
        var (certificate, key) = SelfSigned("from-program");
        var script = _folder.Script("login", $$$"""
            cat <<'END'
            {"apiVersion": "client.authentication.k8s.io/v1",
             "status": {"clientCertificateData": "{{{certificate.ReplaceLineEndings("\\n")}}}", "clientKeyData": "{{{key.ReplaceLineEndings("\\n")}}}"}}
            END
            """);
        using var credentials = new Credentials(Executing(script), _time);

        (await HeadersAsync(credentials)).ShouldBe("");

        credentials.Certificate()!.TargetCertificate.Subject.ShouldBe("CN=from-program");
        credentials.Certificate()!.TargetCertificate.HasPrivateKey.ShouldBeTrue();
    }

    [Theory]
    [InlineData("echo gone >&2; exit 3", "failed (3): gone")]
    [InlineData("echo nonsense", "did not print an ExecCredential")]
    [InlineData("""echo '{"apiVersion": "client.authentication.k8s.io/v1beta1", "status": {"token": "t"}}'""", "answered in client.authentication.k8s.io/v1beta1")]
    [InlineData("""echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {}}'""", "printed no credentials")]
    [InlineData("""echo '{"apiVersion": "client.authentication.k8s.io/v1", "status": {"clientCertificateData": "x"}}'""", "but not both")]
    public async Task Says_why_a_program_gave_no_credentials(string script, string message) =>
        (await Should.ThrowAsync<KubeConfigException>(HeadersAsync(Executing(_folder.Script("login", script))))).Message.ShouldContain(message);

    [Fact]
    public async Task A_program_that_is_not_installed_comes_with_its_hint()
    {
        var config = Executing(_folder.File("none"));
        config = config with { Exec = config.Exec! with { InstallHint = "see example.org" } };

        (await Should.ThrowAsync<KubeConfigException>(HeadersAsync(config))).Message.ShouldContain("(see example.org)");
    }

    [Fact]
    public void A_rotated_certificate_is_used_for_the_next_connection()
    {
        WritePair(SelfSigned("one"));
        using var credentials = new Credentials(
            Anonymous with { ClientCertificate = PemSource.File(_folder.File("crt")), ClientKey = PemSource.File(_folder.File("key")) },
            _time);
        var first = credentials.Certificate();
        first!.TargetCertificate.Subject.ShouldBe("CN=one");
        credentials.Certificate().ShouldBeSameAs(first);

        // Whoever renews them writes one file after the other: until both are there, the former pair does.
        var two = SelfSigned("two");
        WritePair(SelfSigned("three") with { Certificate = two.Certificate });
        credentials.Certificate().ShouldBeSameAs(first);
        WritePair(two);

        credentials.Certificate()!.TargetCertificate.Subject.ShouldBe("CN=two");
    }

    [Fact]
    public void A_certificate_without_its_key_is_an_error()
    {
        using var credentials = new Credentials(Anonymous with { ClientCertificate = PemSource.Inline(SelfSigned("x").Certificate) }, _time);

        Should.Throw<KubeConfigException>(credentials.Certificate).Message.ShouldContain("no client key");
    }

    private static KubeConfig Executing(string command, string version = "client.authentication.k8s.io/v1") =>
        Anonymous with { Exec = new ExecCredentialCommand { ApiVersion = version, Command = command } };

    private static (string Certificate, string Key) SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private void WritePair((string Certificate, string Key) pair)
    {
        _folder.Write("crt", pair.Certificate);
        _folder.Write("key", pair.Key);
    }

    private async Task<string> HeadersAsync(KubeConfig config)
    {
        using var credentials = new Credentials(config, _time);
        return await HeadersAsync(credentials);
    }

    private static async Task<string> HeadersAsync(Credentials credentials)
    {
        using var message = new HttpRequestMessage();
        await credentials.AuthorizeAsync(message.Headers, default);
        return string.Join("; ", message.Headers.Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
    }
}
