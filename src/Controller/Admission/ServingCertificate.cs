using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Sluice.Controller.Admission;

/// <summary>
/// The certificate that the webhook answers with, and the authorities that the API server is told to trust. An authority signs one
/// certificate and its key is then forgotten, so there is nothing to steal that could sign another one.
/// </summary>
public sealed class ServingCertificate : IDisposable
{
    /// <summary>How long a certificate is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>How long before it ends it is replaced.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private const string AuthorityKey = "ca.crt";
    private const string CertificateKey = "tls.crt";
    private const string PrivateKey = "tls.key";

    /// <summary>Clocks differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    private ServingCertificate(string authorities, X509Certificate2 certificate) => (Authorities, Certificate) = (authorities, certificate);

    /// <summary>PEM, the one that signed <see cref="Certificate"/> first; those of certificates that may still be served follow.</summary>
    public string Authorities { get; }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    public void Dispose() => Certificate.Dispose();

    /// <summary>Reads what <see cref="ToSecretData"/> wrote.</summary>
    /// <returns>Null when there is nothing, or nothing that can be used.</returns>
    public static ServingCertificate? Read(IReadOnlyDictionary<string, string>? data)
    {
        if (data is null || !data.TryGetValue(AuthorityKey, out var authorities) || !data.TryGetValue(CertificateKey, out var certificate)
            || !data.TryGetValue(PrivateKey, out var key))
        {
            return null;
        }
        try
        {
            return new(Text(authorities), X509Certificate2.CreateFromPem(Text(certificate), Text(key)));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    /// <param name="names">The names and addresses at which the API server reaches the webhook.</param>
    /// <param name="former">What it replaces: its authority stays trusted while other processes may still answer with it.</param>
    public static ServingCertificate Issue(IReadOnlyCollection<string> names, DateTimeOffset now, ServingCertificate? former)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=sluice-webhook-ca", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        authorityRequest.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(authorityRequest.PublicKey, critical: false));
        using var authority = authorityRequest.CreateSelfSigned(now - Skew, now + Lifetime);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=sluice-webhook", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(AlternativeNames(names));
        using var signed = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(16));

        var trusted = new StringBuilder(authority.ExportCertificatePem()).Append('\n');
        if (former?.Authorities is { } before) trusted.Append(FirstCertificate(before)).Append('\n');
        return new(trusted.ToString(), signed.CopyWithPrivateKey(key));
    }

    /// <summary>Whether it can be served for now and a while to come.</summary>
    public bool IsGood(IReadOnlyCollection<string> names, DateTimeOffset now) =>
        Certificate.NotBefore.ToUniversalTime() <= now.UtcDateTime
        && now.UtcDateTime + RenewBefore < Certificate.NotAfter.ToUniversalTime()
        && names.All(name => Certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false));

    /// <summary>In the form of a Secret of type kubernetes.io/tls.</summary>
    public Dictionary<string, string> ToSecretData()
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        return new(StringComparer.Ordinal)
        {
            [AuthorityKey] = Base64(Authorities),
            [CertificateKey] = Base64(Certificate.ExportCertificatePem()),
            [PrivateKey] = Base64(key.ExportPkcs8PrivateKeyPem()),
        };
    }

    private static X509Extension AlternativeNames(IEnumerable<string> names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }
        return alternatives.Build();
    }

    private static string FirstCertificate(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return certificate.ExportCertificatePem();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static string Text(string base64) => Encoding.ASCII.GetString(Convert.FromBase64String(base64));
}
