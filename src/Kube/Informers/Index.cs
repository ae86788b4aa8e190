namespace Sluice.Kube;

/// <summary>Finds the objects of a snapshot by something else than their name.</summary>
/// <param name="Keys">Pure; the keys under which an object is found, none if it is not.</param>
public sealed record Index<T>(string Name, Func<T, IEnumerable<string>> Keys)
    where T : KubeObject
{
    /// <summary>An index with at most one key per object.</summary>
    public static Index<T> By(string name, Func<T, string?> key) =>
        new(name, item => key(item) is { Length: > 0 } only ? [only] : []);
}
