using System.Text.Json;
using Sluice.Cni.Wire;

namespace Sluice.Cni;

/// <summary>The network configuration that the runtime writes to standard input (CNI specification, sections 1 and 4).</summary>
internal sealed record NetworkConfig
{
    /// <summary>What a configuration may call this plugin: our name, and Kube-OVN's for configurations that exist already.</summary>
    private static readonly string[] Types = ["sluice-cni", "kube-ovn"];

    /// <summary>Fields of Kube-OVN that ask for hardware or DPDK ports. Ignoring them would give the pod another interface than it asked for.</summary>
    private static readonly string[] UnsupportedFields =
        ["deviceID", "vf_driver", "vhost_user_socket_volume_name", "vhost_user_socket_name", "vhost_user_socket_consumption"];

    public required SpecVersion Version { get; init; }

    public string Name { get; init; } = "";

    public string Type { get; init; } = "";

    /// <summary>Path of the agent's socket.</summary>
    public string ServerSocket { get; init; } = "";

    /// <summary><c>ovn</c> for the primary interface.</summary>
    public string Provider { get; init; } = "ovn";

    public IReadOnlyList<Route> Routes { get; init; } = [];

    public Dns? Dns { get; init; }

    /// <summary>What ADD answered, given to CHECK; null when the runtime passed none.</summary>
    public AttachmentResult? Previous { get; init; }

    /// <summary>The attachments that GC has to keep; null when the runtime passed none.</summary>
    public IReadOnlyList<AttachmentId>? ValidAttachments { get; init; }

    /// <exception cref="CniException">The text is no JSON, or no configuration for this plugin.</exception>
    public static NetworkConfig Parse(ReadOnlyMemory<byte> json, CniEnvironment environment)
    {
        using var document = ParseDocument(json);
        try
        {
            return Read(document.RootElement, environment);
        }
        catch (InvalidOperationException e)
        {
            // Half a surrogate pair, which is JSON and no text.
            throw new CniException(CniErrorCode.Decoding, "failed to decode network configuration", e.Message);
        }
    }

    private static NetworkConfig Read(JsonElement root, CniEnvironment environment)
    {
        var version = SpecVersion.Parse(StringField(root, "cniVersion"));
        version.Require(environment.Command);
        Validate(root);
        return new NetworkConfig
        {
            Version = version,
            Name = StringField(root, "name"),
            Type = StringField(root, "type"),
            ServerSocket = StringField(root, "server_socket"),
            Provider = StringField(root, "provider") is { Length: > 0 } provider ? provider : "ovn",
            Routes = root.TryGetProperty("routes", out var routes) ? ParseRoutes(routes) : [],
            Dns = root.TryGetProperty("dns", out var dns) && dns.ValueKind == JsonValueKind.Object ? ParseDns(dns) : null,
            Previous = root.TryGetProperty("prevResult", out var previous) && previous.ValueKind == JsonValueKind.Object
                ? PreviousResult.Parse(previous, environment)
                : null,
            ValidAttachments = root.TryGetProperty("cni.dev/valid-attachments", out var valid) && valid.ValueKind == JsonValueKind.Array
                ? [.. valid.EnumerateArray().Select(item => new AttachmentId(StringField(item, "containerID"), StringField(item, "ifname")))]
                : null,
        };
    }

    /// <summary>The <c>cniVersion</c> of whatever is on standard input, for answers that have to echo it; null when there is none.</summary>
    public static string? VersionOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && StringField(document.RootElement, "cniVersion") is { Length: > 0 } version
                ? version
                : null;
        }
        catch (Exception e) when (e is JsonException or CniException or InvalidOperationException)
        {
            return null;
        }
    }

    internal static string StringField(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return "";
        return value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new CniException(CniErrorCode.Decoding, "failed to decode network configuration", $"{name} is not a string");
    }

    internal static IReadOnlyList<Route> ParseRoutes(JsonElement routes) =>
        routes.ValueKind == JsonValueKind.Array
            ? [.. routes.EnumerateArray().Select(route => new Route(
                StringField(route, "dst"),
                StringField(route, "gw") is { Length: > 0 } gateway ? gateway : null))]
            : [];

    private static JsonDocument ParseDocument(ReadOnlyMemory<byte> json)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new CniException(CniErrorCode.Decoding, "failed to decode network configuration", "standard input is not a JSON object");
        }
        catch (JsonException e)
        {
            throw new CniException(CniErrorCode.Decoding, "failed to decode network configuration", e.Message);
        }
    }

    private static void Validate(JsonElement root)
    {
        var name = StringField(root, "name");
        if (!CniEnvironment.IsIdentifier(name))
            throw Invalid(name.Length == 0 ? "name is missing" : $"name has a character that no network name may have: {name}");
        var type = StringField(root, "type");
        if (!Types.Contains(type, StringComparer.Ordinal))
            throw Invalid($"type is \"{type}\", this plugin answers to {string.Join(" and ", Types)} and is no IPAM plugin");
        if (StringField(root, "server_socket").Length == 0)
            throw Invalid("server_socket is missing");
        foreach (var field in UnsupportedFields)
        {
            if (StringField(root, field).Length > 0)
                throw new CniException(CniErrorCode.UnsupportedField, "unsupported field in network configuration", field);
        }
    }

    private static Dns ParseDns(JsonElement dns) => new()
    {
        Nameservers = Strings(dns, "nameservers"),
        Domain = StringField(dns, "domain") is { Length: > 0 } domain ? domain : null,
        Search = Strings(dns, "search"),
        Options = Strings(dns, "options"),
    };

    private static IReadOnlyList<string>? Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : null;

    private static CniException Invalid(string why) => new(CniErrorCode.InvalidNetworkConfig, "invalid network configuration", why);
}
