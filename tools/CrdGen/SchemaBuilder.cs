using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Sluice.Api;
using Sluice.Api.Schema;

namespace Sluice.CrdGen;

/// <summary>
/// Structural schemas (OpenAPI v3 as custom resource definitions allow it) of the kinds, from the same contracts that read and write
/// them and from the attributes on their properties.
/// </summary>
public sealed class SchemaBuilder(Documentation documentation)
{
    /// <summary>The schema of a whole object. Metadata is the API server's own matter.</summary>
    public Node Root(JsonTypeInfo kind)
    {
        var properties = new Node
        {
            ["apiVersion"] = new Node { ["type"] = "string" },
            ["kind"] = new Node { ["type"] = "string" },
            ["metadata"] = new Node { ["type"] = "object" },
        };
        foreach (var property in kind.Properties.Where(property => property.Name is "spec" or "status"))
        {
            properties[property.Name] = Schema(property.PropertyType, kind);
        }
        var schema = Described(documentation.Of(kind.Type));
        schema["type"] = "object";
        schema["properties"] = properties;
        AddRules(schema, kind.Type);
        return schema;
    }

    private static Node Described(string? description) => description is null ? [] : new() { ["description"] = description };

    private Node Schema(Type type, JsonTypeInfo context)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return new() { ["type"] = "string" };
        if (type == typeof(bool)) return new() { ["type"] = "boolean" };
        if (type == typeof(int)) return new() { ["type"] = "integer", ["format"] = "int32" };
        if (type == typeof(long)) return new() { ["type"] = "integer", ["format"] = "int64" };
        if (type == typeof(AddressCount)) return new() { ["type"] = "number" };
        if (type == typeof(DateTimeOffset)) return new() { ["type"] = "string", ["format"] = "date-time" };
        if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            return new() { ["type"] = "object", ["additionalProperties"] = new Node { ["type"] = "string" } };
        }
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>))
        {
            return new() { ["type"] = "array", ["items"] = Schema(type.GetGenericArguments()[0], context) };
        }
        return Object(context.Options.GetTypeInfo(type));
    }

    private Node Object(JsonTypeInfo contract)
    {
        var properties = new Node();
        var required = new List<string>();
        foreach (var property in contract.Properties)
        {
            var member = (PropertyInfo)(property.AttributeProvider ?? throw new InvalidOperationException($"{contract.Type}.{property.Name} is no property"));
            properties[property.Name] = Property(member, contract);
            if (member.IsDefined(typeof(RequiredAttribute))) required.Add(property.Name);
        }
        var schema = Described(documentation.Of(contract.Type));
        schema["type"] = "object";
        if (required.Count > 0) schema["required"] = required;
        schema["properties"] = properties;
        AddRules(schema, contract.Type);
        return schema;
    }

    private Node Property(PropertyInfo property, JsonTypeInfo contract)
    {
        var schema = property.IsDefined(typeof(PreserveUnknownFieldsAttribute))
            ? new Node { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true }
            : Schema(property.PropertyType, contract);
        if (documentation.Of(property) is { } description)
        {
            schema.Remove("description");
            schema.Insert(0, "description", description);
        }
        if (property.GetCustomAttribute<StringLengthAttribute>() is { } length) schema["maxLength"] = length.MaximumLength;
        if (property.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern) schema["pattern"] = pattern.Pattern;
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } values) schema["enum"] = values.Values;
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = range.Minimum;
            schema["maximum"] = range.Maximum;
        }
        AddRules(schema, property);
        return schema;
    }

    private static void AddRules(Node schema, MemberInfo member)
    {
        var rules = member.GetCustomAttributes<CelRuleAttribute>(inherit: false)
            .Select(rule => new Node { ["rule"] = rule.Rule, ["message"] = rule.Message })
            .ToList();
        if (rules.Count > 0) schema["x-kubernetes-validations"] = rules;
    }
}
