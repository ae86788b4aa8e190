using System.Buffers;
using System.Text.Json;
using Sluice.Cni.Wire;

namespace Sluice.Cni;

/// <summary>Writes what the plugin prints, in the form of the version that the runtime asked for.</summary>
internal static class ResultWriter
{
    /// <summary>The success type of ADD (CNI specification, section 5 "Add Success").</summary>
    /// <param name="netNs">The pod's namespace, the <c>sandbox</c> of its end of the pair.</param>
    public static byte[] Added(SpecVersion version, AttachmentResult result, string netNs) => Write(version.Text, json =>
    {
        json.WriteStartArray("interfaces");
        var interfaces = 0;
        if (result.HostNicName.Length > 0)
        {
            WriteInterface(json, version, result.HostNicName, result.HostMacAddress, result.Mtu, sandbox: null);
            interfaces++;
        }
        WriteInterface(json, version, result.NicName, result.MacAddress, result.Mtu, netNs);
        json.WriteEndArray();

        json.WriteStartArray("ips");
        foreach (var ip in result.Ips)
            WriteIp(json, version, ip, interfaces);
        json.WriteEndArray();

        json.WriteStartArray("routes");
        foreach (var route in result.Routes)
            WriteRoute(json, route);
        json.WriteEndArray();

        WriteDns(json, result.Dns ?? new Dns());
    });

    /// <summary>The answer to VERSION (CNI specification, section 5 "VERSION").</summary>
    public static byte[] Versions(string version) => Write(version, json =>
    {
        json.WriteStartArray("supportedVersions");
        foreach (var supported in SpecVersion.Supported)
            json.WriteStringValue(supported.Text);
        json.WriteEndArray();
    });

    /// <summary>The error type (CNI specification, section 5 "Error").</summary>
    public static byte[] Failed(string version, CniException error) => Write(version, json =>
    {
        json.WriteNumber("code", error.Code);
        json.WriteString("msg", error.Message);
        if (error.Details is { Length: > 0 } details)
            json.WriteString("details", details);
    });

    private static byte[] Write(string version, Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("cniVersion", version);
            body(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteInterface(Utf8JsonWriter json, SpecVersion version, string name, string mac, int mtu, string? sandbox)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("mac", mac);
        if (version.ResultHasMtu)
            json.WriteNumber("mtu", mtu);
        if (sandbox is not null)
            json.WriteString("sandbox", sandbox);
        json.WriteEndObject();
    }

    private static void WriteIp(Utf8JsonWriter json, SpecVersion version, AttachmentIp ip, int @interface)
    {
        json.WriteStartObject();
        if (version.ResultNamesFamily)
            json.WriteString("version", ip.Protocol == "IPv6" ? "6" : "4");
        json.WriteNumber("interface", @interface);
        json.WriteString("address", ip.Cidr);
        if (ip.Gateway.Length > 0)
            json.WriteString("gateway", ip.Gateway);
        json.WriteEndObject();
    }

    private static void WriteRoute(Utf8JsonWriter json, Route route)
    {
        json.WriteStartObject();
        json.WriteString("dst", route.Dst);
        if (route.Gw is { Length: > 0 } gateway)
            json.WriteString("gw", gateway);
        json.WriteEndObject();
    }

    private static void WriteDns(Utf8JsonWriter json, Dns dns)
    {
        json.WriteStartObject("dns");
        WriteStrings(json, "nameservers", dns.Nameservers);
        if (dns.Domain is { Length: > 0 } domain)
            json.WriteString("domain", domain);
        WriteStrings(json, "search", dns.Search);
        WriteStrings(json, "options", dns.Options);
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is not { Count: > 0 })
            return;
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
