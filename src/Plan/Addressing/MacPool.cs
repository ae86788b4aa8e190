namespace Sluice.Plan.Addressing;

/// <summary>The MAC addresses of one subnet and who has them. Every operation takes constant time.</summary>
internal sealed class MacPool
{
    private readonly Dictionary<string, MacAddress> _macs = [];
    private readonly Dictionary<MacAddress, string> _owners = [];

    public MacAddress? MacOf(string owner) => _macs.TryGetValue(owner, out var mac) ? mac : null;

    public string? OwnerOf(MacAddress mac) => _owners.GetValueOrDefault(mac);

    /// <summary>What stands against <paramref name="owner"/> getting <paramref name="wanted"/>; null if nothing.</summary>
    public Refusal? Check(string owner, MacAddress? wanted)
    {
        if (wanted is not { } mac) return null;
        if (!mac.IsUnicast) return new(RefusalReason.Invalid, $"{mac} is not the address of one interface");
        return OwnerOf(mac) is { } other && other != owner ? new(RefusalReason.Taken, $"{mac} is taken by {other}", other) : null;
    }

    /// <summary>What it wants, which <see cref="Check"/> allowed, or else what it has, or else a generated one that is free.</summary>
    public MacAddress Allocate(string owner, MacAddress? wanted, string seed)
    {
        if (_macs.TryGetValue(owner, out var current))
        {
            if (wanted is null || wanted == current) return current;
            Release(owner);
        }
        var mac = wanted ?? Generate(owner, seed);
        _macs.Add(owner, mac);
        _owners.Add(mac, owner);
        return mac;
    }

    public bool Release(string owner) => _macs.Remove(owner, out var mac) && _owners.Remove(mac);

    public MacPool Copy()
    {
        var copy = new MacPool();
        foreach (var (owner, mac) in _macs) copy.Allocate(owner, mac, "");
        return copy;
    }

    private MacAddress Generate(string owner, string seed)
    {
        for (var attempt = 0; ; attempt++)
        {
            var mac = MacAddress.Generate(seed, owner, attempt);
            if (!_owners.ContainsKey(mac)) return mac;
        }
    }
}
