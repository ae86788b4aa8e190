using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Ovsdb;

/// <summary>Opens byte streams to servers.</summary>
internal static class Transport
{
    public static async Task<Stream> ConnectAsync(Endpoint endpoint, TlsOptions? tls, CancellationToken cancellationToken)
    {
        var socket = endpoint.Scheme == EndpointScheme.Unix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint.ToSocketAddress(), cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return endpoint.Scheme == EndpointScheme.Ssl ? await SecureAsync(stream, endpoint, tls, cancellationToken) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task<Stream> SecureAsync(Stream stream, Endpoint endpoint, TlsOptions? tls, CancellationToken cancellationToken)
    {
        if (tls is null)
            throw new OvsdbException($"{endpoint} needs a key, a certificate and a CA certificate", isTransient: false);

        var (authorities, intermediates, certificate) = Read(tls);
        using var own = certificate;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(authorities);
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = endpoint.Address,
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, intermediates, offline: true),
                CertificateChainPolicy = policy,
                // Database servers are named by address and share one CA of their own: as in OVS, the chain decides, not the name.
                RemoteCertificateValidationCallback = static (_, _, _, errors) =>
                    (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None,
            },
            cancellationToken);
        return secure;
    }

    /// <summary>Reads the files anew, which somebody may be renewing right now: what does not fit together yet will, a moment later.</summary>
    private static (X509Certificate2Collection Authorities, X509Certificate2Collection Intermediates, X509Certificate2 Certificate) Read(TlsOptions tls)
    {
        try
        {
            return (ReadAll(tls.CaCertificate), ReadAll(tls.Certificate), X509Certificate2.CreateFromPemFile(tls.Certificate, tls.PrivateKey));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new OvsdbException($"{tls.Certificate}, {tls.PrivateKey} and {tls.CaCertificate} are not usable: {e.Message}", isTransient: true, e);
        }
    }

    private static X509Certificate2Collection ReadAll(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates;
    }
}
