using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sluice.Kube;

/// <summary>YAML as Kubernetes understands it: a notation for JSON. No reflection, so it survives trimming.</summary>
public static class KubeYaml
{
    /// <summary>Levels of lists and mappings; what nests deeper would exhaust the stack of whoever reads it.</summary>
    private const int MaxDepth = 100;

    /// <summary>Aliases repeat what they stand for, so that a short text can mean more than fits into memory.</summary>
    private const int MaxNodes = 1_000_000;

    /// <summary>All documents of a stream; empty ones are left out.</summary>
    /// <exception cref="YamlException">The text is not YAML, or more of it than anybody writes.</exception>
    public static IReadOnlyList<JsonNode> Parse(string text)
    {
        CheckDepth(text);
        var stream = Load(text);
        var nodes = 0;
        var documents = new List<JsonNode>();
        foreach (var document in stream.Documents)
        {
            if (ToJson(document.RootNode, depth: 0, ref nodes) is { } json)
                documents.Add(json);
        }
        return documents;
    }

    private static YamlStream Load(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (ArgumentException e)
        {
            // What the parser takes and the loader does not, such as an end where a value should be.
            throw new YamlException(e.Message, e);
        }
        return stream;
    }

    private static void CheckDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
                throw new YamlException(parser.Current.Start, parser.Current.End, $"More than {MaxDepth} levels");
        }
    }

    private static JsonNode? ToJson(YamlNode node, int depth, ref int nodes)
    {
        if (depth > MaxDepth || ++nodes > MaxNodes)
            throw new YamlException(node.Start, node.End, "An alias repeats too much");
        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: var name } || !members.TryAdd(name ?? "", ToJson(value, depth + 1, ref nodes)))
                        throw new YamlException(key.Start, key.End, "The keys of a mapping are different words");
                }
                return members;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                foreach (var child in sequence.Children)
                    items.Add(ToJson(child, depth + 1, ref nodes));
                return items;
            case YamlScalarNode scalar:
                return Scalar(scalar);
            default:
                throw new YamlException(node.Start, node.End, $"Unexpected {node.NodeType}");
        }
    }

    /// <summary>A quoted scalar is a string; a plain one is what the YAML 1.2 core schema reads into it.</summary>
    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return JsonValue.Create(text);

        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) => JsonValue.Create(integer),
            _ when LooksLikeNumber(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) => JsonValue.Create(real),
            _ => JsonValue.Create(text),
        };
    }

    /// <summary>Keeps words that .NET takes for numbers (<c>Infinity</c>, <c>NaN</c>) from becoming some.</summary>
    private static bool LooksLikeNumber(string text) => text[0] is '-' or '+' or '.' or (>= '0' and <= '9') && text.AsSpan().IndexOfAnyExcept("+-.0123456789eE") < 0;
}
