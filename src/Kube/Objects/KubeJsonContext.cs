using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sluice.Kube.Core;

namespace Sluice.Kube;

/// <summary>Contracts of the types of this library. Contexts of other kinds should carry the same two options.</summary>
[JsonSourceGenerationOptions(
    MaxDepth = JsonLimits.MaxDepth,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Pod))]
[JsonSerializable(typeof(Node))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(StatefulSet))]
[JsonSerializable(typeof(UnstructuredObject))]
[JsonSerializable(typeof(Status))]
[JsonSerializable(typeof(ListMeta))]
[JsonSerializable(typeof(PartialObject))]
[JsonSerializable(typeof(ApiResourceList))]
[JsonSerializable(typeof(ExecCredential))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class KubeJsonContext : JsonSerializerContext;
