using System.Text;
using System.Text.Json.Nodes;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Admission;

/// <summary>
/// The part of a ValidatingWebhookConfiguration or MutatingWebhookConfiguration that only the controller knows. What is reviewed, and the Service, is for deploy/webhook
/// to say.
/// </summary>
public static class WebhookConfiguration
{
    /// <summary>The name of both configurations, here and in deploy/webhook.</summary>
    public const string Name = "sluice";

    public static ResourceType<UnstructuredObject> Validating { get; } =
        CoreResources.Unstructured("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", namespaced: false);

    public static ResourceType<UnstructuredObject> Mutating { get; } =
        CoreResources.Unstructured("admissionregistration.k8s.io", "v1", "mutatingwebhookconfigurations", "MutatingWebhookConfiguration", namespaced: false);

    /// <summary>The names and addresses at which the API server reaches the webhooks.</summary>
    public static string[] ServerNames(UnstructuredObject configuration, WebhookOptions options) => options.Url is { } url
        ? [url.IdnHost]
        :
        [
            .. (from webhook in Webhooks(configuration)
                let service = webhook["clientConfig"]?["service"]
                where service is not null
                select $"{service["name"]}.{service["namespace"]}.svc").Distinct(StringComparer.Ordinal),
        ];

    /// <summary>The configuration as it should be; equal to what it was when it is so already.</summary>
    /// <param name="server">See <see cref="WebhookOptions.Url"/>; null for the Service that is named already.</param>
    /// <param name="path">Where the webhook answers, at <paramref name="server"/>.</param>
    /// <param name="failClosed">Whether requests are refused while it does not.</param>
    /// <param name="authorities">PEM of the authorities that the API server is to trust.</param>
    public static UnstructuredObject Complete(UnstructuredObject configuration, Uri? server, string path, bool failClosed, string authorities)
    {
        var completed = configuration with { Fields = (JsonObject)configuration.Fields.DeepClone() };
        foreach (var webhook in Webhooks(completed))
        {
            var client = webhook["clientConfig"] as JsonObject ?? [];
            if (server is not null)
            {
                client.Remove("service");
                client["url"] = new Uri(server, path).AbsoluteUri;
            }
            client["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(authorities));
            if (client.Parent is null) webhook["clientConfig"] = client;
            webhook["failurePolicy"] = failClosed ? "Fail" : "Ignore";
        }
        return completed;
    }

    public static bool IsSame(UnstructuredObject a, UnstructuredObject b) => JsonNode.DeepEquals(a.Fields, b.Fields);

    private static IEnumerable<JsonObject> Webhooks(UnstructuredObject configuration) =>
        (configuration["webhooks"] as JsonArray ?? []).OfType<JsonObject>();
}
