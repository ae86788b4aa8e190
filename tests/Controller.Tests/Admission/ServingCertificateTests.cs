using System.Security.Cryptography.X509Certificates;
using Sluice.Controller.Admission;

namespace Sluice.Controller.Tests.Admission;

public sealed class ServingCertificateTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Names = ["sluice-webhook.kube-system.svc"];

    [Fact]
    public void Is_good_for_its_names_and_until_it_is_due()
    {
        using var certificate = ServingCertificate.Issue(Names, Now, former: null);

        certificate.IsGood(Names, Now).ShouldBeTrue();
        certificate.IsGood(Names, Now + TimeSpan.FromDays(59)).ShouldBeTrue();
        certificate.IsGood(Names, Now + TimeSpan.FromDays(61)).ShouldBeFalse();
        certificate.IsGood(Names, Now - TimeSpan.FromDays(1)).ShouldBeFalse();
        certificate.IsGood(["other.kube-system.svc"], Now).ShouldBeFalse();
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("fd00::1")]
    public void Names_may_be_addresses(string name)
    {
        using var certificate = ServingCertificate.Issue([name], Now, former: null);

        certificate.IsGood([name], Now).ShouldBeTrue();
    }

    [Fact]
    public void Survives_the_Secret()
    {
        using var certificate = ServingCertificate.Issue(Names, Now, former: null);
        using var read = ServingCertificate.Read(certificate.ToSecretData());

        read!.Certificate.Thumbprint.ShouldBe(certificate.Certificate.Thumbprint);
        read.Certificate.HasPrivateKey.ShouldBeTrue();
        read.Authorities.ShouldBe(certificate.Authorities);
    }

    [Fact]
    public void Its_successor_keeps_one_former_authority()
    {
        using var first = ServingCertificate.Issue(Names, Now, former: null);
        using var second = ServingCertificate.Issue(Names, Now, first);
        using var third = ServingCertificate.Issue(Names, Now, second);

        IsTrusted(first, second).ShouldBeTrue();
        IsTrusted(second, second).ShouldBeTrue();
        IsTrusted(second, third).ShouldBeTrue();
        IsTrusted(third, third).ShouldBeTrue();
        IsTrusted(first, third).ShouldBeFalse();
    }

    [Theory]
    [InlineData("tls.key", "bm90IGEga2V5")]
    [InlineData("tls.crt", "not base64")]
    public void What_can_not_be_read_counts_as_nothing(string key, string value)
    {
        using var certificate = ServingCertificate.Issue(Names, Now, former: null);

        ServingCertificate.Read(null).ShouldBeNull();
        ServingCertificate.Read(new Dictionary<string, string>()).ShouldBeNull();
        ServingCertificate.Read(new Dictionary<string, string>(certificate.ToSecretData()) { [key] = value }).ShouldBeNull();
    }

    private static bool IsTrusted(ServingCertificate served, ServingCertificate trusted)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPem(trusted.Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Now.LocalDateTime;
        return chain.Build(served.Certificate);
    }
}
