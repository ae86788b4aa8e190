namespace Sluice.Kube;

/// <summary>
/// Where the API server is, whom to trust and who we are: one context of a kubeconfig file, or a pod's service account.
/// Files named here are read again when they change, so rotated tokens and certificates take effect.
/// </summary>
public sealed record KubeConfig
{
    private const string ServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

    public required Uri Server { get; init; }

    /// <summary>Namespace of the context, for callers that need a default.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Certificates (PEM) that vouch for the server; null trusts the system's.</summary>
    public PemSource? CertificateAuthority { get; init; }

    /// <summary>Name that the server's certificate must carry, when it is not the host of <see cref="Server"/>.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Talk to anyone who claims to be the server. Never outside experiments.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    public Uri? Proxy { get; init; }

    public PemSource? ClientCertificate { get; init; }

    public PemSource? ClientKey { get; init; }

    public string? Token { get; init; }

    /// <summary>File with a bearer token; takes precedence over <see cref="Token"/> while it can be read.</summary>
    public string? TokenFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>A program that prints credentials.</summary>
    public ExecCredentialCommand? Exec { get; init; }

    /// <summary>Acts as another user, which needs the right to impersonate.</summary>
    public string? Impersonate { get; init; }

    public IReadOnlyList<string> ImpersonateGroups { get; init; } = [];

    /// <summary>
    /// Reads <paramref name="path"/>, or else the files of <c>$KUBECONFIG</c>, or else <c>~/.kube/config</c>, or else the
    /// service account of the pod that we run in.
    /// </summary>
    /// <param name="context">Null takes the file's current context.</param>
    /// <exception cref="KubeConfigException">There is no usable configuration.</exception>
    public static KubeConfig Load(string? path = null, string? context = null)
    {
        if (path is not null)
            return KubeConfigFile.Load([path]).Resolve(context);

        var listed = (Environment.GetEnvironmentVariable("KUBECONFIG") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (listed.Length > 0)
            return KubeConfigFile.Load(listed).Resolve(context);

        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(home) ? KubeConfigFile.Load([home]).Resolve(context) : InCluster();
    }

    /// <summary>The service account that Kubernetes mounts into every pod.</summary>
    /// <exception cref="KubeConfigException">We do not run in a pod.</exception>
    public static KubeConfig InCluster() => InCluster(ServiceAccount, Environment.GetEnvironmentVariable);

    internal static KubeConfig InCluster(string folder, Func<string, string?> environment)
    {
        var host = environment("KUBERNETES_SERVICE_HOST");
        var port = environment("KUBERNETES_SERVICE_PORT");
        var token = Path.Combine(folder, "token");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(token))
            throw new KubeConfigException("No kubeconfig file, and not in a pod with a service account");

        var namespaceFile = Path.Combine(folder, "namespace");
        return new KubeConfig
        {
            Server = new UriBuilder(Uri.UriSchemeHttps, host, int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)).Uri,
            CertificateAuthority = PemSource.File(Path.Combine(folder, "ca.crt")),
            TokenFile = token,
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "default",
        };
    }

    // Tokens, keys and passwords stay out of logs.
    public override string ToString() => $"{Server} ({Namespace})";
}
