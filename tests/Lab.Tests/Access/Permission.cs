using System.Text.Json.Nodes;

namespace Sluice.Lab.Tests.Access;

/// <summary>One thing that an identity may do, or did.</summary>
/// <param name="Resource">With the subresource behind a slash.</param>
/// <param name="Name">Of the one object; null for any.</param>
/// <param name="Namespace">Null for the whole cluster.</param>
internal sealed record Permission(string Verb, string Group, string Resource, string? Name = null, string? Namespace = null)
{
    /// <summary>Whether having this permission is enough to do <paramref name="request"/>.</summary>
    public bool Covers(Permission request) =>
        Verb == request.Verb && Group == request.Group && Resource == request.Resource
        && (Name is null || Name == request.Name) && (Namespace is null || Namespace == request.Namespace);

    public override string ToString() =>
        $"{Verb} {(Group.Length == 0 ? Resource : $"{Resource}.{Group}")}{(Name is null ? "" : $" {Name}")}{(Namespace is null ? "" : $" in {Namespace}")}";

    /// <summary>What the roles among manifests grant, one by one.</summary>
    /// <param name="list">What <c>kubectl get -f FILE -o json</c> prints.</param>
    public static IReadOnlyList<Permission> GrantedBy(JsonNode list) =>
    [
        .. from role in list["items"]!.AsArray()
           where (string)role!["kind"]! is "ClusterRole" or "Role"
           from rule in role["rules"]!.AsArray()
           from verb in Texts(rule!["verbs"])
           from @group in Texts(rule["apiGroups"])
           from resource in Texts(rule["resources"])
           from name in rule["resourceNames"] is { } names ? Texts(names) : [null!]
           select new Permission(verb, @group, resource, name, (string?)role["metadata"]!["namespace"]),
    ];

    /// <summary>What was asked for, by lines of an audit log.</summary>
    /// <param name="line">An Event of <c>audit.k8s.io/v1</c>.</param>
    /// <returns>Null for what is no resource, such as <c>/version</c>.</returns>
    public static (string User, int Code, Permission Permission)? Read(string line)
    {
        var record = JsonNode.Parse(line)!;
        if (record["objectRef"] is not { } target)
            return null;
        var resource = (string)target["resource"]!;
        if ((string?)target["subresource"] is { } subresource)
            resource += $"/{subresource}";
        return (
            (string)record["user"]!["username"]!,
            (int?)record["responseStatus"]?["code"] ?? 0,
            new((string)record["verb"]!, (string?)target["apiGroup"] ?? "", resource, (string?)target["name"], (string?)target["namespace"]));
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list?.AsArray() ?? []).Select(item => (string)item!);
}
