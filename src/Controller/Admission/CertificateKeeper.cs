using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Admission;

/// <summary>
/// Keeps a certificate for the webhook in a Secret that all replicas share, renews it long before it ends, and tells the API server whom to
/// trust. Every replica does all of this: which of them is first does not matter, the others find it done.
/// </summary>
public sealed partial class CertificateKeeper : IDisposable
{
    /// <summary>The name of the Secret, here and in deploy/webhook.</summary>
    public const string SecretName = "sluice-webhook";

    /// <summary>How often it looks whether Secret and configuration are as they should be.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>How soon it tries again what failed.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly KubeClient _kube;
    private readonly ControllerOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private ServingCertificate? _current;

    public CertificateKeeper(KubeClient kube, ControllerOptions options, ILogger<CertificateKeeper> log, TimeProvider time) =>
        (_kube, _options, _log, _time) = (kube, options, log, time);

    /// <summary>What to answer connections with now; null until there is one that the API server trusts.</summary>
    public X509Certificate2? Current => Volatile.Read(ref _current)?.Certificate;

    public void Dispose() => _current?.Dispose();

    /// <summary>Keeps everything as it should be until cancelled. What fails is logged and tried again.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var pause = Interval;
            try
            {
                await EnsureAsync(cancellation);
            }
            catch (KubeException e) when (!e.IsConflict)
            {
                LogFailed(e.Message);
                pause = RetryInterval;
            }
            catch (KubeException)
            {
                // Another replica was faster.
                pause = TimeSpan.Zero;
            }
            await Task.Delay(pause, _time, cancellation);
        }
    }

    /// <summary>Makes Secret and configuration what they should be, and serves what the Secret then holds.</summary>
    /// <exception cref="KubeException"><see cref="KubeException.IsConflict"/> when another replica was faster: look again.</exception>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        // The configurations are read first. If somebody renews the certificate after that, he also changes these, and ours,
        // which would take his authority away, is not accepted.
        var configuration = await _kube.GetAsync(WebhookConfiguration.Validating, null, WebhookConfiguration.Name, cancellation);
        var preparation = await _kube.GetAsync(WebhookConfiguration.Mutating, null, WebhookConfiguration.Name, cancellation);
        var certificate = await FindCertificateAsync(WebhookConfiguration.ServerNames(configuration, _options.Webhook), cancellation);

        // Nobody answers with a certificate before the API server trusts it.
        var webhook = _options.Webhook;
        await StoreAsync(
            WebhookConfiguration.Validating,
            configuration,
            WebhookConfiguration.Complete(configuration, webhook.Url, AdmissionServer.ValidatePath, webhook.FailClosed, certificate.Authorities),
            cancellation);
        await StoreAsync(
            WebhookConfiguration.Mutating,
            preparation,
            WebhookConfiguration.Complete(preparation, webhook.Url, AdmissionServer.MutatePath, webhook.FailClosed, certificate.Authorities),
            cancellation);
        Serve(certificate);
    }

    private async Task StoreAsync(
        ResourceType<UnstructuredObject> type, UnstructuredObject configuration, UnstructuredObject completed, CancellationToken cancellation)
    {
        if (WebhookConfiguration.IsSame(configuration, completed)) return;
        await _kube.ReplaceAsync(type, completed, cancellation);
        LogPublished(type.Kind, WebhookConfiguration.Name);
    }

    private async Task<ServingCertificate> FindCertificateAsync(string[] names, CancellationToken cancellation)
    {
        var secret = await _kube.GetAsync(CoreResources.Secrets, _options.Election.Namespace, SecretName, cancellation);
        var stored = ServingCertificate.Read(secret.Data);
        var now = _time.GetUtcNow();
        if (stored is not null && stored.IsGood(names, now))
            return stored;

        using (stored)
        {
            var issued = ServingCertificate.Issue(names, now, stored);
            await _kube.ReplaceAsync(CoreResources.Secrets, secret with { Data = issued.ToSecretData() }, cancellation);
            LogIssued(string.Join(", ", names), issued.Certificate.NotAfter.ToUniversalTime());
            return issued;
        }
    }

    /// <summary>Connections that have the former certificate keep it; it is left to the garbage collector.</summary>
    private void Serve(ServingCertificate certificate)
    {
        if (_current?.Certificate.Thumbprint == certificate.Certificate.Thumbprint)
            certificate.Dispose();
        else
            Volatile.Write(ref _current, certificate);
    }

    [LoggerMessage(50, LogLevel.Information, "Issued a webhook certificate for {Names}, good until {NotAfter:u}")]
    private partial void LogIssued(string names, DateTime notAfter);

    [LoggerMessage(51, LogLevel.Information, "{Kind} {Name} now trusts the certificate")]
    private partial void LogPublished(string kind, string name);

    [LoggerMessage(52, LogLevel.Warning, "The webhook's certificate is not taken care of, see deploy/webhook: {Message}")]
    private partial void LogFailed(string message);
}
