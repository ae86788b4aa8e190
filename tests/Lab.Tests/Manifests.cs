namespace Sluice.Lab.Tests;

/// <summary>Manifests of one line; several may follow each other.</summary>
public static class Manifests
{
    /// <param name="spec">Fields in YAML's flow style, e.g. <c>ovnEip: eip1, ipName: web.vpc1</c>.</param>
    public static string Of(string kind, string name, string spec) =>
        $"---\n{{apiVersion: kubeovn.io/v1, kind: {kind}, metadata: {{name: {name}}}, spec: {{{spec}}}}}\n";

    public static string Eip(string name, string spec) => Of("OvnEip", name, $"{spec}, type: nat");

    public static string Namespace(string name) => $"---\n{{apiVersion: v1, kind: Namespace, metadata: {{name: {name}}}}}\n";

    /// <param name="pod"><c>NAMESPACE/NAME</c>.</param>
    /// <param name="annotations">In YAML's flow style.</param>
    public static string Pod(string pod, string node, string annotations = "")
    {
        var name = pod.Split('/');
        return $"---\n{{apiVersion: v1, kind: Pod, metadata: {{name: {name[1]}, namespace: {name[0]}, annotations: {{{annotations}}}}}, "
            + $"spec: {{nodeName: {node}, containers: [{{name: none, image: none}}]}}}}\n";
    }
}
