using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Ovsdb.Tests.Server;

/// <summary>A real server that asks for client certificates, on a loopback port.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-tls-").FullName;
    private OvsdbServer _server = null!;
    private Endpoint _endpoint = null!;

    public async Task InitializeAsync()
    {
        using var authority = NewAuthority("ours");
        using var stranger = NewAuthority("stranger");
        Issue(authority, "server");
        Issue(authority, "client");
        using var intermediate = NewIntermediate(authority);
        Issue(intermediate, "leaf");
        File.AppendAllText(Pem("leaf.crt"), "\n" + intermediate.ExportCertificatePem());
        Issue(stranger, "impostor");
        _server = await OvsdbServer.CreateAsync();
        _endpoint = new(EndpointScheme.Ssl, "127.0.0.1", FreePort());
        await _server.StartAsync(
            $"--private-key={Pem("server.key")}", $"--certificate={Pem("server.crt")}", $"--ca-cert={Pem("ours.crt")}",
            $"--remote=pssl:{_endpoint.Port}:127.0.0.1");
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Both_sides_show_a_certificate()
    {
        await using var client = NewClient("client", "ours");
        await client.StartAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        await client.TransactAsync([new Insert("Logical_Router", [new("name", Value.Of("r"))])], CancellationToken.None);

        client.Replica.Current["Logical_Router"].Rows.ShouldHaveSingleItem()["name"].AsString().ShouldBe("r");
    }

    [Fact]
    public async Task Intermediate_certificates_are_shown_and_any_of_several_authorities_will_do()
    {
        File.WriteAllText(Pem("both.crt"), File.ReadAllText(Pem("stranger.crt")) + "\n" + File.ReadAllText(Pem("ours.crt")));
        await using var client = NewClient("leaf", "both");

        await client.StartAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        client.IsConnected.ShouldBeTrue();
    }

    [Theory]
    [InlineData("impostor", "ours")]
    [InlineData("client", "stranger")]
    public async Task Whoever_is_signed_by_somebody_else_is_refused(string certificate, string authority)
    {
        await using var client = NewClient(certificate, authority);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        await Should.ThrowAsync<OperationCanceledException>(() => client.StartAsync(patience.Token));

        client.IsConnected.ShouldBeFalse();
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_up_at_the_next_connection()
    {
        foreach (var kind in (string[])["crt", "key"])
            File.Copy(Pem($"impostor.{kind}"), Pem($"renewed.{kind}"));
        await using var client = NewClient("renewed", "ours");
        var started = client.StartAsync(CancellationToken.None);
        started.IsCompleted.ShouldBeFalse();

        // Files are renewed one after the other, or half; whoever looks in between looks again.
        await File.WriteAllTextAsync(Pem("renewed.crt"), "-----BEGIN CERTIFICATE-----");
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        File.Copy(Pem("client.crt"), Pem("renewed.crt"), overwrite: true);
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        started.IsCompleted.ShouldBeFalse();
        File.Copy(Pem("client.key"), Pem("renewed.key"), overwrite: true);

        await started.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_endpoint_that_needs_certificates_says_so_when_there_are_none()
    {
        await using var client = _server.NewClient(options => options with { Endpoints = [_endpoint] });

        var refusal = await Should.ThrowAsync<OvsdbException>(() => client.StartAsync(CancellationToken.None));

        refusal.Message.ShouldContain("needs a key, a certificate and a CA certificate");
    }

    private OvsdbClient NewClient(string certificate, string authority) => _server.NewClient(options => options with
    {
        Endpoints = [_endpoint],
        Tls = new(Pem($"{certificate}.key"), Pem($"{certificate}.crt"), Pem($"{authority}.crt")),
    });

    private string Pem(string file) => Path.Combine(_folder, file);

    private X509Certificate2 NewAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var authority = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Pem($"{name}.crt"), authority.ExportCertificatePem());
        return authority;
    }

    private static X509Certificate2 NewIntermediate(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=intermediate", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }

    private void Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Pem($"{name}.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(Pem($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
