using System.Globalization;
using System.Text;

namespace Sluice.Kube.Tests.Client;

/// <summary>Objects as a user with bad intentions stores them: the API server takes any content of <c>fieldsV1</c>.</summary>
internal static class Nesting
{
    public static string Pod(string name, int version, int depth)
    {
        var fields = new StringBuilder();
        for (var level = 0; level < depth; level++) fields.Append("{\"f:a\":");
        fields.Append("{}").Append('}', depth);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"metadata":{"name":"{{{name}}}","resourceVersion":"{{{version}}}","managedFields":[{"manager":"m","fieldsV1":{{{fields}}}}]},"spec":{"nodeName":"n"}}""");
    }
}
