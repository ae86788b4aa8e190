using System.Collections.Immutable;
using Sluice.Ko.Explaining;
using Sluice.Ko.Reading;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Ko.Drifting;

/// <summary>Compares what the plans want with the northbound database, and that with the southbound one. Pure.</summary>
internal static class DriftReport
{
    private const string Northbound = "NB";
    private const string Southbound = "SB";

    public static ImmutableArray<Drift> Of(Survey survey) => [.. BehindPlan(survey), .. BehindNorthbound(survey)];

    private static IEnumerable<Drift> BehindPlan(Survey survey)
    {
        var nb = survey.Northbound;
        foreach (var (owner, rows) in DesiredRows.Of(survey).OrderBy(plan => plan.Owner.ToString(), StringComparer.Ordinal))
        {
            var changes = RowDiff.Between(owner, rows, nb);
            foreach (var change in RowChanges.Of(changes.Operations, nb))
                yield return new(Northbound, change.Id.Owner.ToString(), change.ToString());
            foreach (var conflict in changes.Conflicts)
                yield return new(Northbound, owner.ToString(), $"{conflict.Table} {conflict.Key} belongs to {conflict.Owner?.ToString() ?? "another system"}");
            foreach (var missing in changes.MissingParents)
                yield return new(Northbound, owner.ToString(), $"{missing} does not exist, so rows that need it do not either");
        }
    }

    /// <summary>ovn-northd makes a Port_Binding of each logical port, and one more of each port with gateway chassis.</summary>
    private static IEnumerable<Drift> BehindNorthbound(Survey survey)
    {
        var nb = survey.Northbound;
        var ports = nb.All<LogicalSwitchPort>().Select(stored => stored.Row.Name)
            .Concat(nb.All<LogicalRouterPort>().Select(stored => stored.Row).SelectMany(port =>
                port.GatewayChassis.Count > 0 ? (string[])[port.Name, GatewaySteps.RedirectPort(port.Name)] : [port.Name]))
            .ToHashSet(StringComparer.Ordinal);
        var bindings = survey.Southbound.PortBindings.Select(binding => binding.LogicalPort).ToHashSet(StringComparer.Ordinal);
        foreach (var port in ports.Except(bindings, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            yield return new(Southbound, port, "Port_Binding is missing");
        foreach (var port in bindings.Except(ports, StringComparer.Ordinal).Order(StringComparer.Ordinal))
            yield return new(Southbound, port, "Port_Binding should not exist");
    }
}
