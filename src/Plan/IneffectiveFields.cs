using Sluice.Api;

namespace Sluice.Plan;

/// <summary>
/// What specs may ask for in vain, see docs/compatibility.md. Objects that do are served otherwise, and say so: people look for the reason
/// in the wrong place if not.
/// </summary>
internal static class IneffectiveFields
{
    public static IEnumerable<string> Of(SubnetSpec spec)
    {
        if (spec.U2oInterconnection == true) yield return "spec.u2oInterconnection";
        if (IsSet(spec.ExternalEgressGateway)) yield return "spec.externalEgressGateway";
        if (spec.PolicyRoutingTableID is > 0) yield return "spec.policyRoutingTableID";
        if (spec.AllowEastWestTraffic == true) yield return "spec.allowEWTraffic";
        if (spec.EnableExternalLbAddress == true) yield return "spec.enableExternalLBAddress";
        if (IsSet(spec.NodeNetwork)) yield return "spec.nodeNetwork";
        if (spec.Vips is { Count: > 0 }) yield return "spec.vips";
    }

    public static IEnumerable<string> Of(VpcSpec spec)
    {
        if (spec.VpcPeerings is { Count: > 0 }) yield return "spec.vpcPeerings";
        if (spec.BfdPort?.Enabled == true) yield return "spec.bfdPort";
    }

    /// <summary>The fields as part of a message; null when there are none.</summary>
    public static string? Message(IEnumerable<string> fields)
    {
        var text = string.Join(", ", fields);
        return text.Length == 0 ? null : $"not supported and without effect: {text}";
    }

    private static bool IsSet(string? text) => !string.IsNullOrEmpty(text);
}
