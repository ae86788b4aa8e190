using Sluice.Cni.Wire;

namespace Sluice.Cni;

/// <summary>The versions of the CNI specification that the plugin speaks, and what changed between them.</summary>
internal sealed record SpecVersion(string Text, int Rank)
{
    public static readonly SpecVersion V031 = new("0.3.1", 0);
    public static readonly SpecVersion V040 = new("0.4.0", 1);
    public static readonly SpecVersion V100 = new("1.0.0", 2);
    public static readonly SpecVersion V110 = new("1.1.0", 3);

    public static readonly IReadOnlyList<SpecVersion> Supported = [V031, V040, V100, V110];

    public static SpecVersion Latest => V110;

    /// <summary>Results named the family of each address until 1.0.0.</summary>
    public bool ResultNamesFamily => Rank < V100.Rank;

    /// <summary>Results carry the MTU of an interface since 1.1.0.</summary>
    public bool ResultHasMtu => Rank >= V110.Rank;

    /// <exception cref="CniException">The plugin does not speak <paramref name="text"/>.</exception>
    public static SpecVersion Parse(string text) =>
        Supported.FirstOrDefault(version => version.Text == text)
        ?? throw new CniException(
            CniErrorCode.IncompatibleVersion,
            "incompatible CNI versions",
            $"config is \"{text}\", plugin supports {string.Join(", ", Supported.Select(version => version.Text))}");

    /// <exception cref="CniException"><paramref name="command"/> came with a later version.</exception>
    public void Require(string command)
    {
        var since = command switch
        {
            "CHECK" => V040,
            "STATUS" or "GC" => V110,
            _ => V031,
        };
        if (Rank < since.Rank)
            throw new CniException(CniErrorCode.IncompatibleVersion, $"config version \"{Text}\" does not allow {command}", $"{command} came with {since.Text}");
    }
}
