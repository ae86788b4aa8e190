using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Lab.Processes;

namespace Sluice.Lab.ControlPlane;

/// <summary>
/// A Kubernetes control plane without nodes: etcd, kube-apiserver with RBAC, and, if wanted, kube-controller-manager.
/// </summary>
public sealed class KubernetesControlPlane
{
    private const int EtcdPort = 2379;
    private const int EtcdPeerPort = 2380;
    private const int ApiPort = 6443;

    /// <summary>Who asks for what, without contents.</summary>
    private const string AuditPolicy = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
          users: ["sluice:controller"]
        - level: Metadata
          userGroups: ["sluice:agents"]
        - level: None
        """;

    private readonly ControlPlaneOptions _options;

    public KubernetesControlPlane(ControlPlaneOptions options)
    {
        _options = options;
        Etcd = new Component { Name = "etcd", Directory = options.Directory, Command = EtcdCommand(), IsReady = EtcdAnswersAsync };
        ApiServer = new Component { Name = "apiserver", Directory = options.Directory, Command = ApiServerCommand(), IsReady = ApiAnswersAsync };
        ControllerManager = options.ControllerManager
            ? new Component { Name = "controller-manager", Directory = options.Directory, Command = ControllerManagerCommand() }
            : null;
    }

    public Component Etcd { get; }

    public Component ApiServer { get; }

    public Component? ControllerManager { get; }

    /// <summary>All programs, in the order in which they start.</summary>
    public IEnumerable<Component> Components => ControllerManager is null ? [Etcd, ApiServer] : [Etcd, ApiServer, ControllerManager];

    /// <summary>The kubeconfig of a cluster administrator (group <c>system:masters</c>).</summary>
    public string AdminKubeConfig => PathOf("admin.kubeconfig");

    /// <summary>Certificate of the authority that signs every client's.</summary>
    public string ClientAuthority => CertificateAuthority.CertificateFile(_options.Directory);

    /// <summary>Where clients inside the lab reach the API server.</summary>
    public Uri Url => UrlAt(_options.Address);

    /// <summary>Makes certificates, keys and the administrator's kubeconfig; what exists is replaced.</summary>
    public async Task CreateCredentialsAsync(CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(_options.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (_options.Audit)
            await File.WriteAllTextAsync(PathOf("audit-policy.yaml"), AuditPolicy, cancellation);
        using var authority = CertificateAuthority.Create("lab");
        await authority.SaveAsync(_options.Directory, cancellation);

        string[] names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"];
        var server = authority.IssueServer("kube-apiserver", [IPAddress.Loopback, _options.Address, .. _options.OtherAddresses], names);
        await PrivateFile.WriteAsync(PathOf("apiserver.crt"), server.Certificate, cancellation);
        await PrivateFile.WriteAsync(PathOf("apiserver.key"), server.PrivateKey, cancellation);

        var kubeletClient = authority.IssueClient("kube-apiserver-kubelet-client", "system:masters");
        await PrivateFile.WriteAsync(PathOf("kubelet-client.crt"), kubeletClient.Certificate, cancellation);
        await PrivateFile.WriteAsync(PathOf("kubelet-client.key"), kubeletClient.PrivateKey, cancellation);

        using var tokens = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await PrivateFile.WriteAsync(PathOf("service-account.key"), tokens.ExportPkcs8PrivateKeyPem(), cancellation);
        await PrivateFile.WriteAsync(PathOf("service-account.pub"), tokens.ExportSubjectPublicKeyInfoPem(), cancellation);

        var admin = authority.IssueClient("admin", "system:masters");
        await KubeConfigFile.WriteAsync(AdminKubeConfig, UrlAt(_options.AdminAddress ?? _options.Address), authority.Certificate, admin, cancellation);
        // Emptying a namespace takes the right to delete anything. Real clusters give each controller a service account; here one
        // identity does for both that run.
        await KubeConfigFile.WriteAsync(PathOf("controller-manager.kubeconfig"), Url, authority.Certificate,
            authority.IssueClient("system:kube-controller-manager", "system:masters"), cancellation);
    }

    /// <summary>Writes the kubeconfig of another identity, named <paramref name="name"/>, and returns its path.</summary>
    public async Task<string> CreateKubeConfigAsync(string name, string user, IEnumerable<string> groups, CancellationToken cancellation = default)
    {
        using var authority = CertificateAuthority.Load(_options.Directory);
        var path = KubeConfigOf(name);
        await KubeConfigFile.WriteAsync(path, Url, authority.Certificate, authority.IssueClient(user, groups), cancellation);
        return path;
    }

    /// <summary>Where it is written down what the controller and the agents ask for, if it is: one JSON object per line, an Event of <c>audit.k8s.io/v1</c>.</summary>
    public string AuditLog => PathOf("audit.log");

    /// <summary>Where <see cref="CreateKubeConfigAsync"/> writes.</summary>
    public string KubeConfigOf(string name) => PathOf($"{name}.kubeconfig");

    /// <summary>Starts everything and returns when the API server is ready.</summary>
    public async Task StartAsync(CancellationToken cancellation = default)
    {
        foreach (var component in Components)
            await component.StartAsync(cancellation);
    }

    public async Task KillAsync(CancellationToken cancellation = default)
    {
        foreach (var component in Components.Reverse())
            await component.KillAsync(cancellation);
    }

    private string PathOf(string file) => Path.Combine(_options.Directory, file);

    private static Uri UrlAt(IPAddress address) => new UriBuilder("https", address.ToString(), ApiPort).Uri;

    private string EtcdUrl(int port) => new UriBuilder("http", _options.Address.ToString(), port).Uri.GetLeftPart(UriPartial.Authority);

    private Command EtcdCommand() => new Command("etcd",
        "--data-dir", PathOf("etcd"),
        "--listen-client-urls", EtcdUrl(EtcdPort), "--advertise-client-urls", EtcdUrl(EtcdPort),
        "--listen-peer-urls", EtcdUrl(EtcdPeerPort), "--initial-advertise-peer-urls", EtcdUrl(EtcdPeerPort),
        "--initial-cluster", $"default={EtcdUrl(EtcdPeerPort)}",
        "--unsafe-no-fsync").In(_options.Namespace);

    private Command ApiServerCommand() => new Command(KubernetesBinaries.Find("kube-apiserver"),
    [
        "--etcd-servers", EtcdUrl(EtcdPort),
        $"--bind-address={(_options.Namespace is null ? _options.Address : IPAddress.Any)}", $"--advertise-address={_options.Address}", $"--secure-port={ApiPort}",
        "--client-ca-file", CertificateAuthority.CertificateFile(_options.Directory),
        "--tls-cert-file", PathOf("apiserver.crt"), "--tls-private-key-file", PathOf("apiserver.key"),
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file", PathOf("service-account.pub"), "--service-account-signing-key-file", PathOf("service-account.key"),
        $"--service-cluster-ip-range={_options.ServiceClusterRange}",
        // Nobody resolves the names of nodes here.
        "--kubelet-preferred-address-types=InternalIP",
        "--kubelet-client-certificate", PathOf("kubelet-client.crt"), "--kubelet-client-key", PathOf("kubelet-client.key"),
        "--authorization-mode=RBAC", "--allow-privileged",
        // Pods here have no containers that could use a token, nobody serves cluster IPs, and nobody would take a taint away.
        "--disable-admission-plugins=ServiceAccount,TaintNodesByCondition", "--endpoint-reconciler-type=none",
        .. _options.Audit ? (string[])["--audit-policy-file", PathOf("audit-policy.yaml"), "--audit-log-path", AuditLog] : [],
    ]).In(_options.Namespace);

    private Command ControllerManagerCommand() => new Command(KubernetesBinaries.Find("kube-controller-manager"),
        "--kubeconfig", PathOf("controller-manager.kubeconfig"),
        "--controllers=namespace,garbagecollector", "--leader-elect=false",
        $"--bind-address={_options.Address}", "--port=0", "--cert-dir", PathOf("controller-manager")).In(_options.Namespace);

    private async Task<bool> EtcdAnswersAsync(CancellationToken cancellation)
    {
        // From outside of its namespace nothing can be asked: the API server, which retries, finds out.
        if (_options.Namespace is not null)
            return true;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(_options.Address, EtcdPort, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> ApiAnswersAsync(CancellationToken cancellation)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(CertificateAuthority.CertificateFile(_options.Directory));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await http.GetAsync(new Uri(UrlAt(_options.AdminAddress ?? _options.Address), "/readyz"), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
