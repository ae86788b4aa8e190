using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Kube.Tests.Server;

/// <summary>What a server that trusts only a root is shown.</summary>
public sealed class CertificateChainTests
{
    [Fact]
    public async Task Intermediate_certificates_are_shown_with_our_own()
    {
        using var root = Issue("root", null);
        using var intermediate = Issue("intermediate", root);
        using var leaf = Issue("leaf", intermediate, isAuthority: false);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var config = new KubeConfig
        {
            Server = new UriBuilder("https", "127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port).Uri,
            InsecureSkipTlsVerify = true,
            ClientCertificate = PemSource.Inline(leaf.ExportCertificatePem() + "\n" + intermediate.ExportCertificatePem()),
            ClientKey = PemSource.Inline(leaf.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        };
        using var client = new KubeClient(config, new KubeClientOptions { RequestTimeout = TimeSpan.FromSeconds(30) });

        var request = client.GetRawAsync("/version");
        var shown = await ShownAsync(listener, root);

        shown.ShouldBe(["CN=leaf", "CN=intermediate"], ignoreOrder: true);
        await Should.ThrowAsync<KubeException>(request);
    }

    /// <summary>Accepts one connection and returns the subjects of what the client showed.</summary>
    private static async Task<IReadOnlyList<string>> ShownAsync(TcpListener listener, X509Certificate2 certificate)
    {
        var shown = new List<string>();
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
        {
            // From a file of its own: a key that exists only in memory can not be used by every TLS library.
            ServerCertificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null),
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
            {
                shown.AddRange([leaf!.Subject, .. chain!.ChainPolicy.ExtraStore.Select(extra => extra.Subject)]);
                return true;
            },
        });
        return [.. shown.Distinct()];
    }

    private static X509Certificate2 Issue(string name, X509Certificate2? issuer, bool isAuthority = true)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
            return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        using var certificate = request.Create(issuer, issuer.NotBefore, issuer.NotAfter, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
