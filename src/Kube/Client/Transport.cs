using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Sluice.Kube;

/// <summary>
/// Sends requests: connections, trust, credentials, time limits, and the server's wish to be asked again later. Whatever
/// goes wrong comes out as a <see cref="KubeException"/>.
/// </summary>
internal sealed partial class Transport : IDisposable
{
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(60);

    private readonly KubeConfig _config;
    private readonly KubeClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Credentials _credentials;
    private readonly Lock _httpGate = new();
    private (SslStreamCertificateContext? Certificate, HttpMessageInvoker Invoker) _http;

    public Transport(KubeConfig config, KubeClientOptions options, TimeProvider time, ILogger logger)
    {
        _config = config;
        _options = options;
        _time = time;
        _logger = logger;
        _credentials = new Credentials(config, time);
        _http = (null, CreateInvoker(null));
    }

    public void Dispose()
    {
        _http.Invoker.Dispose();
        _credentials.Dispose();
    }

    /// <summary>Sends a request and reads its whole answer, all within the time limit of one request.</summary>
    public Task<TResult> SendAsync<TResult>(
        KubeRequest request,
        Func<HttpContent, CancellationToken, Task<TResult>> read,
        CancellationToken cancellationToken) =>
        ExchangeAsync(
            request,
            async (response, limit) =>
            {
                using (response)
                    return await read(response.Content, limit);
            },
            cancellationToken);

    /// <summary>Sends a request and returns with the head of the answer; the caller reads the stream as long as it likes.</summary>
    public Task<HttpResponseMessage> OpenAsync(KubeRequest request, CancellationToken cancellationToken) =>
        ExchangeAsync(request, (response, _) => Task.FromResult(response), cancellationToken);

    /// <summary>True for what the connection, and not the server or our caller, does to a request.</summary>
    public static bool IsBroken(Exception e, CancellationToken caller) => e switch
    {
        HttpRequestException or IOException or KubeConfigException => true,
        // How the handler says that it could not connect in time.
        OperationCanceledException => !caller.IsCancellationRequested,
        _ => false,
    };

    private async Task<TResult> ExchangeAsync<TResult>(
        KubeRequest request,
        Func<HttpResponseMessage, CancellationToken, Task<TResult>> accept,
        CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var limit = new RequestLimit(_options.RequestTimeout, _time, cancellationToken);
            try
            {
                var response = await SendOnceAsync(request, limit.Token);
                if (response.IsSuccessStatusCode)
                    return await accept(response, limit.Token);
                using (response)
                {
                    if (!await WaitForRetryAsync(request, response, attempt, cancellationToken))
                        throw await KubeException.ReadAsync(request, response, limit.Token);
                }
            }
            catch (OperationCanceledException e) when (limit.IsOver)
            {
                throw KubeException.Unanswered(request, $"no answer within {_options.RequestTimeout.TotalSeconds} s", e);
            }
            catch (Exception e) when (IsBroken(e, cancellationToken))
            {
                throw KubeException.Unanswered(request, e);
            }
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(KubeRequest request, CancellationToken cancellationToken)
    {
        for (var renewed = false; ; renewed = true)
        {
            using var message = new HttpRequestMessage(request.Method, new Uri(_config.Server, BasePath() + request.PathAndQuery))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            };

            // The name that the certificate must carry is taken from here; SslOptions.TargetHost is ignored.
            message.Headers.Host = _config.TlsServerName;
            message.Headers.UserAgent.ParseAdd(_options.UserAgent);
            message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            await _credentials.AuthorizeAsync(message.Headers, cancellationToken);
            if (request.Body is { } body)
            {
                message.Content = new ReadOnlyMemoryContent(body);
                message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
            }

            var response = await Http().SendAsync(message, cancellationToken);
            if (response.StatusCode != HttpStatusCode.Unauthorized || renewed || !_credentials.CanRenew)
                return response;
            response.Dispose();
            _credentials.Refused();
        }
    }

    /// <summary>The server may live below a path, as behind a proxy.</summary>
    private string BasePath() => _config.Server.AbsolutePath.TrimEnd('/');

    /// <summary>
    /// A server that sheds load says when to come back and has not looked at the request, so that even a create may be repeated.
    /// </summary>
    private async ValueTask<bool> WaitForRetryAsync(KubeRequest request, HttpResponseMessage response, int attempt, CancellationToken cancellationToken)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
            || KubeException.RetryAfterOf(response) is not { } delay
            || attempt >= _options.MaxRetries)
        {
            return false;
        }

        if (delay > LongestRetryAfter)
            delay = LongestRetryAfter;
        LogRetry(request.Method, request.PathAndQuery, (int)response.StatusCode, delay);
        await Task.Delay(delay, _time, cancellationToken);
        return true;
    }

    /// <summary>
    /// What sends requests with the certificate that we have now. A handler shows one certificate and keeps its connections; those of the
    /// former certificate end when their requests and watches do.
    /// </summary>
    private HttpMessageInvoker Http()
    {
        var certificate = _credentials.Certificate();
        lock (_httpGate)
        {
            if (!ReferenceEquals(_http.Certificate, certificate))
                _http = (certificate, CreateInvoker(certificate));
            return _http.Invoker;
        }
    }

    private HttpMessageInvoker CreateInvoker(SslStreamCertificateContext? certificate)
    {
        var handler = CreateHandler(certificate);
        return new HttpMessageInvoker(_options.Intercept?.Invoke(handler) ?? handler);
    }

    private SocketsHttpHandler CreateHandler(SslStreamCertificateContext? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = _options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = _options.KeepAlive,
            KeepAlivePingTimeout = _options.KeepAlive,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            // New connections see rotated certificates and, behind a load balancer, servers that came back.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            AutomaticDecompression = _options.Compression ? DecompressionMethods.GZip : DecompressionMethods.None,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = _config.Proxy is not null,
            Proxy = _config.Proxy is null ? null : new WebProxy(_config.Proxy),
            // Trace headers of whatever activity happens to be current mean nothing to the API server.
            ActivityHeadersPropagator = null,
        };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = Trust(),
            ClientCertificateContext = certificate,
        };
        if (_config.InsecureSkipTlsVerify)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        return handler;
    }

    /// <summary>Trusts the configured authorities and nobody else.</summary>
    private X509ChainPolicy? Trust()
    {
        if (_config.CertificateAuthority is null)
            return null;

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(_config.CertificateAuthority.Read());
        if (policy.CustomTrustStore.Count == 0)
            throw new KubeConfigException($"No certificate in the certificate authority ({_config.CertificateAuthority})");
        return policy;
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Path}: the server is busy ({Code}), trying again in {Delay}")]
    private partial void LogRetry(HttpMethod method, string path, int code, TimeSpan delay);

    /// <summary>Tells our own time limit from the caller's wish to stop.</summary>
    private sealed class RequestLimit : IDisposable
    {
        private readonly CancellationToken _caller;
        private readonly CancellationTokenSource _limit;
        private readonly CancellationTokenSource _linked;

        public RequestLimit(TimeSpan length, TimeProvider time, CancellationToken caller)
        {
            _caller = caller;
            _limit = new CancellationTokenSource(length, time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(caller, _limit.Token);
        }

        public CancellationToken Token => _linked.Token;

        public bool IsOver => _limit.IsCancellationRequested && !_caller.IsCancellationRequested;

        public void Dispose()
        {
            _linked.Dispose();
            _limit.Dispose();
        }
    }
}
