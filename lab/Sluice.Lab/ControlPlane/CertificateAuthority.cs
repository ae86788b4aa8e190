using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sluice.Lab.ControlPlane;

/// <summary>A certificate and its private key, both PEM.</summary>
public sealed record KeyPair(string Certificate, string PrivateKey);

/// <summary>Signs the certificates of one lab: P-256 keys, valid for a year.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2 _certificate;

    private CertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The authority's own certificate, PEM.</summary>
    public string Certificate => _certificate.ExportCertificatePem();

    public static CertificateAuthority Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        return new(request.CreateSelfSigned(now.AddHours(-1), now.AddYears(1)));
    }

    /// <summary>Reads an authority that <see cref="SaveAsync"/> wrote.</summary>
    public static CertificateAuthority Load(string directory) =>
        new(X509Certificate2.CreateFromPemFile(CertificateFile(directory), Path.Combine(directory, "ca.key")));

    /// <summary>Where <see cref="SaveAsync"/> puts the authority's certificate.</summary>
    public static string CertificateFile(string directory) => Path.Combine(directory, "ca.crt");

    public async Task SaveAsync(string directory, CancellationToken cancellation)
    {
        using var key = _certificate.GetECDsaPrivateKey()!;
        await PrivateFile.WriteAsync(CertificateFile(directory), Certificate, cancellation);
        await PrivateFile.WriteAsync(Path.Combine(directory, "ca.key"), key.ExportPkcs8PrivateKeyPem(), cancellation);
    }

    /// <summary>A certificate with which a server answers for <paramref name="addresses"/> and <paramref name="names"/>.</summary>
    public KeyPair IssueServer(string commonName, IEnumerable<IPAddress> addresses, IEnumerable<string> names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var address in addresses)
            alternatives.AddIpAddress(address);
        foreach (var name in names)
            alternatives.AddDnsName(name);
        return Issue(commonName, [], ServerAuthentication, alternatives.Build());
    }

    /// <summary>
    /// A certificate that makes its bearer the Kubernetes user <paramref name="user"/> in <paramref name="groups"/>:
    /// the API server reads them from the subject's CN and O.
    /// </summary>
    public KeyPair IssueClient(string user, params IEnumerable<string> groups) => Issue(user, groups, ClientAuthentication, null);

    public void Dispose() => _certificate.Dispose();

    private KeyPair Issue(string commonName, IEnumerable<string> organizations, Oid purpose, X509Extension? alternatives)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var organization in organizations)
            subject.AddOrganizationName(organization);
        subject.AddCommonName(commonName);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], critical: false));
        if (alternatives is not null)
            request.CertificateExtensions.Add(alternatives);

        using var certificate = request.Create(_certificate, _certificate.NotBefore, _certificate.NotAfter, RandomNumberGenerator.GetBytes(16));
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }
}
