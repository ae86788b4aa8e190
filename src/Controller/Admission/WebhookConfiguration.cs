using System.Text;
using System.Text.Json.Nodes;
using Sluice.Controller.Options;
using Sluice.Kube;
using Sluice.Kube.Core;

namespace Sluice.Controller.Admission;

/// <summary>
/// The part of a ValidatingWebhookConfiguration that only the controller knows. What is reviewed, and the Service, is for deploy/webhook
/// to say.
/// </summary>
public static class WebhookConfiguration
{
    /// <summary>The name of the configuration, here and in deploy/webhook.</summary>
    public const string Name = "sluice";

    public static ResourceType<UnstructuredObject> Validating { get; } =
        CoreResources.Unstructured("admissionregistration.k8s.io", "v1", "validatingwebhookconfigurations", "ValidatingWebhookConfiguration", namespaced: false);

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
    /// <param name="authorities">PEM of the authorities that the API server is to trust.</param>
    public static UnstructuredObject Complete(UnstructuredObject configuration, WebhookOptions options, string authorities)
    {
        var completed = configuration with { Fields = (JsonObject)configuration.Fields.DeepClone() };
        foreach (var webhook in Webhooks(completed))
        {
            var client = webhook["clientConfig"] as JsonObject ?? [];
            if (options.Url is { } url)
            {
                client.Remove("service");
                client["url"] = new Uri(url, AdmissionServer.ValidatePath).AbsoluteUri;
            }
            client["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(authorities));
            if (client.Parent is null) webhook["clientConfig"] = client;
            webhook["failurePolicy"] = options.FailClosed ? "Fail" : "Ignore";
        }
        return completed;
    }

    public static bool IsSame(UnstructuredObject a, UnstructuredObject b) => JsonNode.DeepEquals(a.Fields, b.Fields);

    private static IEnumerable<JsonObject> Webhooks(UnstructuredObject configuration) =>
        (configuration["webhooks"] as JsonArray ?? []).OfType<JsonObject>();
}
