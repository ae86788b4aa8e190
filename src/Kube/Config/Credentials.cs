using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sluice.Kube;

/// <summary>Who we are, now: follows rotated files and renews what a credential program printed.</summary>
internal sealed class Credentials(KubeConfig config, TimeProvider time) : IDisposable
{
    /// <summary>Projected tokens are replaced at 80 % of their life of at least ten minutes, so a minute late is early enough.</summary>
    private static readonly TimeSpan TokenFileAge = TimeSpan.FromMinutes(1);

    /// <summary>Printed credentials are renewed this long before they expire.</summary>
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _renewal = new(1, 1);
    private readonly Lock _certificateGate = new();
    private volatile ExecCredentialStatus? _printed;
    private FileToken? _fileToken;
    private (string Pem, SslStreamCertificateContext Certificate)? _certificate;

    /// <summary>True when asking again may give other credentials, so that a 401 is worth one more attempt.</summary>
    public bool CanRenew => config.Exec is not null || config.TokenFile is not null;

    public void Dispose() => _renewal.Dispose();

    /// <summary>Adds what identifies us to a request. To be called before connecting: the certificate may come from the same program.</summary>
    /// <exception cref="KubeConfigException">There are no credentials to be had.</exception>
    public async ValueTask AuthorizeAsync(HttpRequestHeaders headers, CancellationToken cancellationToken)
    {
        if (config.Exec is not null)
        {
            var printed = await PrintedAsync(cancellationToken);
            if (printed.Token is not null)
                headers.Authorization = new AuthenticationHeaderValue("Bearer", printed.Token);
        }
        else if (config.TokenFile is not null || config.Token is not null)
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOfFile() ?? config.Token);
        }
        else if (config.Username is not null)
        {
            var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{config.Username}:{config.Password}"));
            headers.Authorization = new AuthenticationHeaderValue("Basic", pair);
        }

        if (config.Impersonate is null)
            return;
        headers.Add("Impersonate-User", config.Impersonate);
        foreach (var group in config.ImpersonateGroups)
            headers.Add("Impersonate-Group", group);
    }

    /// <summary>
    /// The certificate for new connections with the intermediate ones that follow it, the same instance until it is renewed; null when we
    /// identify ourselves otherwise.
    /// </summary>
    public SslStreamCertificateContext? Certificate()
    {
        var certificate = _printed?.ClientCertificateData ?? config.ClientCertificate?.Read();
        if (certificate is null)
            return null;
        var key = _printed?.ClientKeyData
            ?? config.ClientKey?.Read()
            ?? throw new KubeConfigException("kubeconfig has a client certificate but no client key");

        lock (_certificateGate)
        {
            var pem = certificate + key;
            if (_certificate is { } known && known.Pem == pem)
                return known.Certificate;
            try
            {
                // The former certificate may still be in use by a handshake, so the collector ends it.
                var intermediates = new X509Certificate2Collection();
                intermediates.ImportFromPem(certificate);
                _certificate = (pem, SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), intermediates, offline: true));
            }
            catch (Exception e) when (e is CryptographicException or ArgumentException)
            {
                // Files are renewed one after the other: until they fit together, the former pair does.
                if (_certificate is { } former)
                    return former.Certificate;
                throw new KubeConfigException($"The client certificate or its key is not usable: {e.Message}", e);
            }

            return _certificate.Value.Certificate;
        }
    }

    /// <summary>The server did not accept what we showed: forget it.</summary>
    public void Refused()
    {
        _printed = null;
        _fileToken = null;
    }

    private async ValueTask<ExecCredentialStatus> PrintedAsync(CancellationToken cancellationToken)
    {
        if (_printed is { } fresh && IsFresh(fresh))
            return fresh;

        await _renewal.WaitAsync(cancellationToken);
        try
        {
            if (_printed is { } renewed && IsFresh(renewed))
                return renewed;
            var printed = await ExecCredentialRunner.RunAsync(config, time, cancellationToken);
            _printed = printed;
            return printed;
        }
        finally
        {
            _renewal.Release();
        }
    }

    private bool IsFresh(ExecCredentialStatus printed) =>
        printed.ExpirationTimestamp is not { } expiration || time.GetUtcNow() + RenewBefore < expiration;

    private string? TokenOfFile()
    {
        if (config.TokenFile is null)
            return null;

        var known = _fileToken;
        if (known is not null && time.GetElapsedTime(known.ReadAt) < TokenFileAge)
            return known.Token;
        try
        {
            var token = File.ReadAllText(config.TokenFile).Trim();
            _fileToken = new FileToken(token, time.GetTimestamp());
            return token;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return known?.Token ?? config.Token ?? throw new KubeConfigException($"Cannot read token file {config.TokenFile}: {e.Message}", e);
        }
    }

    private sealed record FileToken(string Token, long ReadAt);
}
