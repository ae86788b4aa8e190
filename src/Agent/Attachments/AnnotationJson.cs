using System.Text.Json.Serialization;
using Sluice.Cni.Wire;

namespace Sluice.Agent.Attachments;

/// <summary>Serialisers of annotations that hold JSON.</summary>
[JsonSerializable(typeof(Route[]))]
internal sealed partial class AnnotationJson : JsonSerializerContext;
