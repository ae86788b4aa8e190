using System.Globalization;
using Sluice.Agent.Nodes;
using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>Says how a provider network is doing on this node: labels and an annotation of the Node, and an Event when that changes.</summary>
internal sealed class ProviderNetworkReporter(NodeWriter node, EventRecorder events)
{
    /// <summary>Reasons of events, and of the conditions that the controller makes of our labels.</summary>
    public const string Failed = "InitOVSBridgeFailed";
    public const string Succeeded = "InitOVSBridgeSucceeded";

    /// <param name="isPatient">Whether the labels stay as they are for now.</param>
    public async Task ReportAsync(ProviderNetworkInput input, ProviderNetworkPlan plan, bool isPatient, CancellationToken ct)
    {
        var (name, report) = (input.Name, plan.Report);
        var labels = isPatient ? [] : new Dictionary<string, string?>
        {
            [Names.Labels.ProviderNetworkReady(name)] = report.Ready ? "true" : null,
            [Names.Labels.ProviderNetworkInterface(name)] = report.Interface,
            [Names.Labels.ProviderNetworkMtu(name)] = report.Mtu?.ToString(CultureInfo.InvariantCulture),
            [Names.Labels.ProviderNetworkExclude(name)] = report.Excluded ? "true" : null,
        };
        var annotations = new Dictionary<string, string?> { [Names.Annotations.ProviderNetworkError(name)] = plan.Error };
        if (!await node.ApplyAsync(labels, annotations, ct) || input.Network is not { Metadata.Uid: not null } network)
            return;
        if (plan.Error is { } error)
            events.Warning(SluiceResources.ProviderNetworks, network, Failed, $"node {input.NodeName}: {error}");
        else if (report.Ready)
            events.Normal(SluiceResources.ProviderNetworks, network, Succeeded, $"node {input.NodeName}: {report.Interface} is in the bridge");
    }
}
