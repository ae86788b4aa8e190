namespace Sluice.Api.Schema;

/// <summary>A column that <c>kubectl get</c> prints for the kind. Columns appear in the order of the attributes.</summary>
/// <param name="name">The heading; kubectl prints it in upper case.</param>
/// <param name="jsonPath">Where the value is, e.g. <c>.status.v4Ip</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class PrinterColumnAttribute(string name, string jsonPath) : Attribute
{
    public string Name { get; } = name;

    public string JsonPath { get; } = jsonPath;

    /// <summary>The OpenAPI type: <c>string</c>, <c>boolean</c>, <c>number</c>, <c>integer</c> or <c>date</c>.</summary>
    public string Type { get; init; } = "string";

    /// <summary>Shown only by <c>-o wide</c>.</summary>
    public bool Wide { get; init; }
}
