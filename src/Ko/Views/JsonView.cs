using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Ko.Drifting;
using Sluice.Ko.Explaining;
using Sluice.Ko.Gateways;

namespace Sluice.Ko.Views;

/// <summary>Answers for programs.</summary>
internal static class JsonView
{
    // The text goes to a terminal or a program, never into a page of HTML.
    private static readonly ViewJson Readable = new(new JsonSerializerOptions(ViewJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Of(Explanation explanation) => JsonSerializer.Serialize(
        new ExplanationJson(explanation.Kind, explanation.Name, explanation.Works, explanation.Cause, explanation.Path), Readable.ExplanationJson);

    public static string Of(ImmutableArray<GatewayPort> ports) => JsonSerializer.Serialize(ports, Readable.ImmutableArrayGatewayPort);

    public static string Of(ImmutableArray<Drift> drifts) => JsonSerializer.Serialize(drifts, Readable.ImmutableArrayDrift);
}

internal sealed record ExplanationJson(string Kind, string Name, bool Works, Step? Cause, ImmutableArray<Step> Path);

[JsonSerializable(typeof(ExplanationJson))]
[JsonSerializable(typeof(ImmutableArray<GatewayPort>))]
[JsonSerializable(typeof(ImmutableArray<Drift>))]
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
internal sealed partial class ViewJson : JsonSerializerContext;
