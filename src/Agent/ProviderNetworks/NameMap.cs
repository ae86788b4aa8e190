using System.Collections.Immutable;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>A value like <c>net1:br-net1,net2:br-net2</c> (ovn-controller(8), ovn-bridge-mappings). Order is kept: others may have entries here.</summary>
internal sealed class NameMap
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _entries;

    private NameMap(ImmutableArray<KeyValuePair<string, string>> entries) => _entries = entries;

    public static NameMap Parse(string? text) => new(
        [.. (text ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => entry.Split(':', 2))
            .Select(parts => KeyValuePair.Create(parts[0], parts.Length == 2 ? parts[1] : ""))]);

    public IEnumerable<KeyValuePair<string, string>> Entries => _entries;

    public string? this[string name] => _entries.Where(entry => entry.Key == name).Select(entry => entry.Value).FirstOrDefault();

    /// <summary>With a value for the name, in its old place if it has one.</summary>
    public NameMap With(string name, string value) => this[name] is null
        ? new(_entries.Add(KeyValuePair.Create(name, value)))
        : new([.. _entries.Select(entry => entry.Key == name ? KeyValuePair.Create(name, value) : entry)]);

    public NameMap Without(string name) => new(_entries.RemoveAll(entry => entry.Key == name));

    /// <summary>Null when there is no entry.</summary>
    public string? ToText() => _entries.IsEmpty ? null : string.Join(',', _entries.Select(entry => $"{entry.Key}:{entry.Value}"));
}
