using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Kube;

namespace Sluice.Controller.Admission;

/// <summary>What the API server sends and gets back.</summary>
/// <seealso href="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#webhook-request-and-response"/>
public sealed record AdmissionReview
{
    public string ApiVersion { get; init; } = "admission.k8s.io/v1";

    public string Kind { get; init; } = "AdmissionReview";

    public AdmissionRequest? Request { get; init; }

    public AdmissionResponse? Response { get; init; }
}

/// <summary>What somebody asks the API server for.</summary>
public sealed record AdmissionRequest
{
    public required string Uid { get; init; }

    public required AdmissionResource Resource { get; init; }

    /// <summary>For example <c>status</c>; null or empty for the object itself.</summary>
    public string? SubResource { get; init; }

    /// <summary><c>CREATE</c>, <c>UPDATE</c> or <c>DELETE</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>Whether nothing will be stored, so that nothing may be set aside for it.</summary>
    public bool DryRun { get; init; }

    public AdmissionUser UserInfo { get; init => field = value ?? new(); } = new();

    /// <summary>The object as it would be stored; null for a deletion.</summary>
    public JsonElement? Object { get; init; }

    /// <summary>The object as it is stored; null for a creation.</summary>
    public JsonElement? OldObject { get; init; }
}

public sealed record AdmissionResource(string Group, string Version, string Resource);

/// <summary>Who asks.</summary>
public sealed record AdmissionUser
{
    public string Username { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string>? Groups { get; init; }
}

public sealed record AdmissionResponse
{
    /// <summary>That of the request.</summary>
    public required string Uid { get; init; }

    public required bool Allowed { get; init; }

    /// <summary>Why not; the API server hands it to the user.</summary>
    public AdmissionStatus? Status { get; init; }

    /// <summary><c>JSONPatch</c> when there is a <see cref="Patch"/>.</summary>
    public string? PatchType { get; init; }

    /// <summary>What is changed in the object before it is stored (RFC 6902).</summary>
    public byte[]? Patch { get; init; }
}

/// <param name="Code">An HTTP status.</param>
/// <param name="Reason">See <see cref="Kube.StatusReason"/>.</param>
public sealed record AdmissionStatus(int Code, string Reason, string Message);

[JsonSourceGenerationOptions(
    MaxDepth = JsonLimits.MaxDepth,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AdmissionReview))]
internal sealed partial class AdmissionJsonContext : JsonSerializerContext;
