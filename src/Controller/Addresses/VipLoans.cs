namespace Sluice.Controller.Addresses;

/// <summary>
/// Which pods have the addresses of Vips as their own. The IP of such a pod names the Vip; until it is stored, or we have heard of it, the
/// loan is known here only.
/// </summary>
public sealed class VipLoans(Cluster cluster)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _vips = new(StringComparer.Ordinal);

    /// <summary>Name of the IP that has a Vip's addresses; null when none has.</summary>
    public string? HolderOf(string vip) =>
        cluster.Ips.Snapshot.ByIndex(Indexes.ByVip, vip).Select(ip => ip.Metadata.Name).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Lends a Vip to a pod, unless another has it.</summary>
    /// <param name="ip">Name of the pod's IP, which need not exist yet.</param>
    /// <returns>Name of the IP of the other pod; null when it is lent, now or before.</returns>
    public string? Lend(string vip, string ip)
    {
        lock (_gate)
        {
            var other = cluster.Ips.Snapshot.ByIndex(Indexes.ByVip, vip).Select(stored => stored.Metadata.Name).FirstOrDefault(name => name != ip)
                ?? _vips.FirstOrDefault(loan => loan.Value == vip && loan.Key != ip).Key;
            if (other is null)
                _vips[ip] = vip;
            return other;
        }
    }

    /// <summary>The pod no longer asks for a Vip, or is gone. What its IP says holds until that changes.</summary>
    public void Return(string ip)
    {
        lock (_gate)
            _vips.Remove(ip);
    }
}
