using Microsoft.Extensions.Logging;
using Sluice.Agent.Netlink;
using Sluice.Agent.Nodes;
using Sluice.Agent.Options;
using Sluice.Agent.Processes;
using Sluice.Agent.Reconcile;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Kube.Core;
using Sluice.Plan;
using Sluice.Plan.Addressing;

namespace Sluice.Agent.Egress;

/// <summary>Puts <see cref="EgressRules"/> into the kernel, only when they differ from what is there.</summary>
internal sealed partial class EgressReconciler(
    Informer<Subnet> subnets, Informer<Node> nodes, AgentOptions options, NetworkNamespace host, ILogger<EgressReconciler> logger) : IReconciler
{
    public const string KeyKind = "Egress";

    /// <summary>Nobody tells when somebody else changes the rules.</summary>
    private static readonly TimeSpan RepairInterval = TimeSpan.FromMinutes(1);

    /// <summary>False once it is known that the kernel has no rules of ours; nodes that never need them need no nft(8).</summary>
    private bool _mayBeThere = File.Exists("/usr/sbin/nft");

    public string Kind => KeyKind;

    public async Task<Outcome> ReconcileAsync(string name, CancellationToken ct)
    {
        var overlay = subnets.Snapshot.All.Where(subnet => OverlaySubnets.Includes(subnet, options)).ToList();
        var families = EgressRules.FamiliesOf(overlay);
        if (families.Count == 0)
        {
            if (_mayBeThere && await CurrentAsync(ct) is not null)
                await NftAsync($"delete table inet {EgressRules.Table}\n", ct);
            _mayBeThere = false;
            return Outcome.Done;
        }

        _mayBeThere = true;
        await host.RunAsync(() => Forward(families));
        var script = EgressRules.For(overlay, [.. options.ServiceCidrs, .. nodes.Snapshot.All.SelectMany(NodeAddresses.Of).Select(Cidr.Of)]);
        if (await CurrentAsync(ct) is not { } current || !EgressRules.AreIn(current, script))
        {
            await NftAsync(script, ct);
            LogReplaced();
        }
        return new Outcome.After(RepairInterval);
    }

    /// <summary>The table as nft prints it; null when there is none.</summary>
    private async Task<string?> CurrentAsync(CancellationToken ct)
    {
        var tables = await HostCommand.RunAsync([.. Inside, "nft", "list", "tables", "inet"], ct);
        return tables.Split('\n').Contains($"table inet {EgressRules.Table}")
            ? await HostCommand.RunAsync([.. Inside, "nft", "list", "table", "inet", EgressRules.Table], ct)
            : null;
    }

    private Task NftAsync(string script, CancellationToken ct) => HostCommand.RunAsync([.. Inside, "nft", "-f", "-"], ct, script);

    private string[] Inside => ["nsenter", $"--net={host.Path}", "--"];

    /// <summary>What pods send passes the node like a router.</summary>
    private static void Forward(IEnumerable<IpFamily> families)
    {
        foreach (var family in families)
            Sysctl.Write(Sysctl.FolderOf(family), "all", "forwarding", "1");
    }

    [LoggerMessage(80, LogLevel.Information, "Egress: replaced the nftables rules")]
    private partial void LogReplaced();
}
