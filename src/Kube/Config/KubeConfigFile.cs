using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;

namespace Sluice.Kube;

/// <summary>
/// One or several kubeconfig files (v1 Config) merged as kubectl does it: the first file that names a cluster, a user, a
/// context or the current context wins. Relative paths count from the file that they stand in.
/// </summary>
internal sealed class KubeConfigFile
{
    private readonly Dictionary<string, Entry> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _contexts = new(StringComparer.Ordinal);
    private string? _currentContext;

    /// <summary>Missing files are skipped when several are given, as <c>$KUBECONFIG</c> may name files to come.</summary>
    public static KubeConfigFile Load(IReadOnlyList<string> paths)
    {
        var merged = new KubeConfigFile();
        foreach (var path in paths)
        {
            if (paths.Count > 1 && !File.Exists(path))
                continue;
            try
            {
                merged.Add(File.ReadAllText(path), path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException or InvalidOperationException)
            {
                throw new KubeConfigException($"Cannot read kubeconfig {path}: {e.Message}", e);
            }
        }

        return merged;
    }

    /// <exception cref="KubeConfigException">There is no such context, or a value in it is malformed.</exception>
    public KubeConfig Resolve(string? contextName)
    {
        try
        {
            return Read(contextName);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new KubeConfigException($"Malformed value in kubeconfig: {e.Message}", e);
        }
    }

    private KubeConfig Read(string? contextName)
    {
        contextName ??= _currentContext;
        if (string.IsNullOrEmpty(contextName))
            throw new KubeConfigException("kubeconfig has no current context");

        var context = Find(_contexts, "context", contextName);
        var cluster = Find(_clusters, "cluster", context.Text("cluster") ?? "");
        var user = context.Text("user") is { Length: > 0 } name ? Find(_users, "user", name) : Entry.None;
        if (!Uri.TryCreate(cluster.Text("server"), UriKind.Absolute, out var server))
            throw new KubeConfigException($"cluster {context.Text("cluster")} has no valid server URL");

        return new KubeConfig
        {
            Server = server,
            Namespace = context.Text("namespace") ?? "default",
            CertificateAuthority = cluster.Pem("certificate-authority"),
            TlsServerName = cluster.Text("tls-server-name"),
            InsecureSkipTlsVerify = cluster.Flag("insecure-skip-tls-verify"),
            Proxy = cluster.Text("proxy-url") is { Length: > 0 } proxy ? new Uri(proxy) : null,
            ClientCertificate = user.Pem("client-certificate"),
            ClientKey = user.Pem("client-key"),
            Token = user.Text("token"),
            TokenFile = user.Path("tokenFile"),
            Username = user.Text("username"),
            Password = user.Text("password"),
            Impersonate = user.Text("as"),
            ImpersonateGroups = user.Texts("as-groups"),
            Exec = user.Exec(),
        };
    }

    private static Entry Find(Dictionary<string, Entry> entries, string kind, string name) =>
        entries.TryGetValue(name, out var entry) ? entry : throw new KubeConfigException($"kubeconfig has no {kind} named '{name}'");

    private void Add(string text, string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var document in KubeYaml.Parse(text).OfType<JsonObject>())
        {
            if (string.IsNullOrEmpty(_currentContext))
                _currentContext = document["current-context"]?.ToString();
            AddAll(_clusters, document["clusters"], "cluster", folder);
            AddAll(_users, document["users"], "user", folder);
            AddAll(_contexts, document["contexts"], "context", folder);
        }
    }

    private static void AddAll(Dictionary<string, Entry> entries, JsonNode? list, string body, string folder)
    {
        foreach (var item in (list as JsonArray ?? []).OfType<JsonObject>())
        {
            if (item["name"]?.ToString() is { } name)
                entries.TryAdd(name, new Entry(item[body] as JsonObject ?? [], folder));
        }
    }

    /// <summary>The body of a cluster, user or context, and the folder that its relative paths count from.</summary>
    private sealed record Entry(JsonObject Fields, string Folder)
    {
        public static Entry None { get; } = new([], "");

        /// <summary>Unquoted tokens and names may look like numbers to YAML.</summary>
        public string? Text(string name) => Fields[name]?.ToString() is { Length: > 0 } text ? text : null;

        public bool Flag(string name) => Text(name) == "true";

        public string? Path(string name) => Text(name) is { } path ? System.IO.Path.Combine(Folder, path) : null;

        public IReadOnlyList<string> Texts(string name) =>
            [.. (Fields[name] as JsonArray ?? []).OfType<JsonNode>().Select(node => node.ToString())];

        /// <summary>The <c>-data</c> form is base64 and takes precedence over the path.</summary>
        public PemSource? Pem(string name)
        {
            if (Text(name + "-data") is not { } data)
                return Path(name) is { } path ? PemSource.File(path) : null;
            try
            {
                return PemSource.Inline(Encoding.UTF8.GetString(Convert.FromBase64String(data)));
            }
            catch (FormatException e)
            {
                throw new KubeConfigException($"{name}-data is not base64", e);
            }
        }

        public ExecCredentialCommand? Exec()
        {
            if (Fields["exec"] is not JsonObject fields)
                return null;

            var exec = new Entry(fields, Folder);
            var command = exec.Text("command") ?? throw new KubeConfigException("exec has no command");
            return new ExecCredentialCommand
            {
                ApiVersion = exec.Text("apiVersion") ?? throw new KubeConfigException("exec has no apiVersion"),
                // A bare name is looked up in PATH, anything with a slash is a path like all others.
                Command = command.Contains('/', StringComparison.Ordinal) ? System.IO.Path.Combine(Folder, command) : command,
                Args = exec.Texts("args"),
                Environment = (fields["env"] as JsonArray ?? []).OfType<JsonObject>()
                    .ToDictionary(item => item["name"]?.ToString() ?? "", item => item["value"]?.ToString() ?? "", StringComparer.Ordinal),
                InstallHint = exec.Text("installHint"),
                ProvideClusterInfo = exec.Flag("provideClusterInfo"),
            };
        }
    }
}
