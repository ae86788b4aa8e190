using System.Text.Json.Serialization;

namespace Sluice.Kube.Tests.Server;

/// <summary>A kind as a user of the library would model it.</summary>
public sealed record Widget : KubeObject
{
    public const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.test.sluice}
        spec:
          group: test.sluice
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, listKind: WidgetList}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    properties:
                      color: {type: string, enum: [red, green, blue]}
                      size: {type: integer}
                  status:
                    type: object
                    properties:
                      phase: {type: string}
        """;

    public WidgetSpec? Spec { get; init; }

    public WidgetStatus? Status { get; init; }

    public static ResourceType<Widget> Type { get; } =
        new("test.sluice", "v1", "widgets", "Widget", Namespaced: true, WidgetJsonContext.Default.Widget);

    public static Widget Named(string ns, string name, string color = "red", int size = 1) => new()
    {
        Metadata = new ObjectMeta { Namespace = ns, Name = name },
        Spec = new WidgetSpec { Color = color, Size = size },
    };
}

public sealed record WidgetSpec
{
    public string? Color { get; init; }

    public int? Size { get; init; }
}

public sealed record WidgetStatus
{
    public string? Phase { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Widget))]
internal sealed partial class WidgetJsonContext : JsonSerializerContext;
