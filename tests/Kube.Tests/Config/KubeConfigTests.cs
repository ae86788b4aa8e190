using System.Text;

namespace Sluice.Kube.Tests.Config;

public sealed class KubeConfigTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Reads_all_that_a_context_says()
    {
        var path = _folder.Write("config", $"""
            apiVersion: v1
            kind: Config
            current-context: main
            contexts:
            - name: main
              context: {"{cluster: c, user: u, namespace: team}"}
            clusters:
            - name: c
              cluster:
                server: https://10.0.0.1:6443/prefix
                certificate-authority: pki/ca.crt
                tls-server-name: kubernetes
                proxy-url: http://proxy:3128
            users:
            - name: u
              user:
                client-certificate-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes("CERT"))}
                client-certificate: ignored.crt
                client-key: /abs/client.key
                token: 12345
                tokenFile: token
                username: me
                password: "0123"
                as: other
                as-groups: [a, b]
            """);

        var config = KubeConfig.Load(path);

        config.Server.ShouldBe(new Uri("https://10.0.0.1:6443/prefix"));
        config.Namespace.ShouldBe("team");
        config.CertificateAuthority!.Path.ShouldBe(_folder.File("pki/ca.crt"));
        config.TlsServerName.ShouldBe("kubernetes");
        config.InsecureSkipTlsVerify.ShouldBeFalse();
        config.Proxy.ShouldBe(new Uri("http://proxy:3128"));
        config.ClientCertificate!.Read().ShouldBe("CERT");
        config.ClientKey!.Path.ShouldBe("/abs/client.key");
        config.Token.ShouldBe("12345");
        config.TokenFile.ShouldBe(_folder.File("token"));
        (config.Username, config.Password).ShouldBe(("me", "0123"));
        config.Impersonate.ShouldBe("other");
        config.ImpersonateGroups.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Another_context_can_be_asked_for()
    {
        var path = _folder.Write("config", Cluster("one", "https://one") + "current-context: one\n");
        var other = _folder.Write("other", Cluster("two", "https://two"));

        KubeConfigFile.Load([path, other]).Resolve("two").Server.ShouldBe(new Uri("https://two"));
    }

    [Fact]
    public void Of_several_files_the_first_to_name_something_wins()
    {
        var first = _folder.Write("first", Cluster("one", "https://first"));
        var second = _folder.Write("second", Cluster("one", "https://second") + "current-context: one\n");
        var third = _folder.Write("third", Cluster("two", "https://third") + "current-context: two\n");

        var merged = KubeConfigFile.Load([first, _folder.File("missing"), second, third]);

        merged.Resolve(null).Server.ShouldBe(new Uri("https://first"));
        merged.Resolve("two").Server.ShouldBe(new Uri("https://third"));
    }

    [Fact]
    public void Paths_count_from_the_file_that_names_them()
    {
        Directory.CreateDirectory(_folder.File("sub"));
        var path = _folder.Write("sub/config", """
            current-context: x
            contexts: [{name: x, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://x"}}]
            users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [a, "1"],
              env: [{name: E, value: "v"}], provideClusterInfo: true, installHint: buy it}}}]
            """);

        var exec = KubeConfig.Load(path).Exec!;

        Path.GetFullPath(exec.Command).ShouldBe(_folder.File("sub/login"));
        exec.Args.ShouldBe(["a", "1"]);
        exec.Environment.ShouldBe(new Dictionary<string, string> { ["E"] = "v" });
        (exec.ApiVersion, exec.ProvideClusterInfo, exec.InstallHint).ShouldBe(("client.authentication.k8s.io/v1", true, "buy it"));
    }

    [Theory]
    [InlineData("", "no current context")]
    [InlineData("current-context: x", "no context named 'x'")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]", "no cluster named 'c'")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://x'}}]", "no user named 'u'")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]", "no valid server")]
    [InlineData("current-context: x\ncontexts: [{name: x, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://x', certificate-authority-data: '%'}}]", "not base64")]
    [InlineData("a: [", "Cannot read kubeconfig")]
    public void Says_what_is_missing(string yaml, string message) =>
        Should.Throw<KubeConfigException>(() => KubeConfig.Load(_folder.Write("config", yaml))).Message.ShouldContain(message);

    [Fact]
    public void A_file_that_was_asked_for_must_exist() =>
        Should.Throw<KubeConfigException>(() => KubeConfig.Load(_folder.File("none"))).Message.ShouldContain(_folder.File("none"));

    [Theory]
    [InlineData("10.96.0.1", "https://10.96.0.1:443/")]
    [InlineData("fd00::1", "https://[fd00::1]/")]
    public void A_pod_finds_its_service_account(string host, string server)
    {
        _folder.Write("token", "secret");
        _folder.Write("namespace", "kube-system\n");

        var config = KubeConfig.InCluster(_folder.Path, name => name == "KUBERNETES_SERVICE_HOST" ? host : "443");

        config.Server.ShouldBe(new Uri(server));
        config.Namespace.ShouldBe("kube-system");
        config.TokenFile.ShouldBe(_folder.File("token"));
        config.CertificateAuthority!.Path.ShouldBe(_folder.File("ca.crt"));
    }

    [Fact]
    public void Outside_of_a_pod_there_is_no_service_account() =>
        Should.Throw<KubeConfigException>(() => KubeConfig.InCluster(_folder.Path, _ => null));

    [Fact]
    public void Secrets_stay_out_of_logs()
    {
        var config = new KubeConfig { Server = new Uri("https://x"), Token = "secret", Password = "secret", ClientKey = PemSource.Inline("secret") };

        $"{config} {config.ClientKey}".ShouldNotContain("secret");
    }

    private static string Cluster(string name, string server) => $$$"""
        contexts: [{name: {{{name}}}, context: {cluster: {{{name}}}}}]
        clusters: [{name: {{{name}}}, cluster: {server: "{{{server}}}"}}]

        """;
}
