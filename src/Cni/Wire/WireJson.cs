using System.Text.Json.Serialization;

namespace Sluice.Cni.Wire;

/// <summary>Serialisers of what plugin and agent say to each other. These files are compiled into both programs.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttachmentRequest))]
[JsonSerializable(typeof(AttachmentResult))]
[JsonSerializable(typeof(GcRequest))]
[JsonSerializable(typeof(WireError))]
internal sealed partial class WireJson : JsonSerializerContext;
