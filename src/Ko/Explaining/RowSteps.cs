using Sluice.Api;
using Sluice.Ko.Reading;
using Sluice.Ovn;

namespace Sluice.Ko.Explaining;

/// <summary>What was written to the northbound database, and what ovn-northd and the chassis made of it.</summary>
internal static class RowSteps
{
    /// <summary>Whether a controller is there to repair what is wrong.</summary>
    public static Step Controller(Survey survey)
    {
        const string Kind = "Lease";
        var problem = ControllerProblem(survey);
        var name = survey.Objects.Lease?.Metadata.Name ?? "kube-ovn-controller";
        return problem is null
            ? new(Layer.Controller, Kind, name, StepState.Ok, $"controller {survey.Objects.Lease!.Spec.HolderIdentity} leads")
            : new(Layer.Controller, Kind, name, StepState.Warning, problem);
    }

    /// <summary>The rows of a rule, and those of the router port that its packets take.</summary>
    public static IEnumerable<Step> Of(Survey survey, RuleView rule, VpcForecast forecast, string externalSubnet)
    {
        var port = Names.RouterPort(forecast.Input.Name, externalSubnet);
        RowChange[] own = [.. forecast.Rows.Where(row => rule.Owns(row.Id.Name))];
        RowChange[] shared = [.. forecast.Rows.Where(row => IsShared(row.Id.Name, port, Names.SwitchPort(externalSubnet, forecast.Input.Name)))];
        yield return Northbound(survey, $"{rule.Kind}/{rule.Name}", own, "as planned");
        yield return Northbound(survey, port, shared, "router, port, gateway chassis and routes are as planned");
    }

    /// <summary>Where the port is that packets of a rule pass.</summary>
    /// <param name="port">Name of the logical port.</param>
    public static Step Binding(Survey survey, string port)
    {
        const string Kind = "Port_Binding";
        if (survey.Southbound.PortBinding(port) is not { } binding)
            return new(Layer.Southbound, Kind, port, StepState.Broken, $"ovn-northd knows no port {port}: it is down, or has not come to it yet");
        if (survey.Southbound.ChassisOf(binding) is not { } chassis)
            return new(Layer.Southbound, Kind, port, StepState.Broken, $"no chassis has claimed port {port}");
        return binding.Up == false
            ? new(Layer.Southbound, Kind, port, StepState.Broken, $"port {port} is not up on chassis {chassis.Hostname}")
            : new(Layer.Southbound, Kind, port, StepState.Ok, $"on chassis {chassis.Hostname} ({chassis.Name})");
    }

    private static Step Northbound(Survey survey, string name, RowChange[] changes, string summary)
    {
        const string Kind = "Northbound";
        if (changes.Length == 0)
            return new(Layer.Northbound, Kind, name, StepState.Ok, summary);
        var text = string.Join("; ", changes.Select(change => change.ToString()));
        return new(Layer.Northbound, Kind, name, StepState.Broken, ControllerProblem(survey) is { } problem ? $"{text}; {problem}" : text);
    }

    private static string? ControllerProblem(Survey survey)
    {
        if (survey.Objects.Lease?.Spec is not { HolderIdentity.Length: > 0, RenewTime: { } renewed } spec)
            return "no controller leads, so nothing is repaired";
        var age = survey.Now - renewed;
        return age > TimeSpan.FromSeconds(spec.LeaseDurationSeconds ?? 0)
            ? FormattableString.Invariant($"no controller leads, so nothing is repaired: {spec.HolderIdentity} was last seen {age.TotalSeconds:0} s ago")
            : null;
    }

    private static bool IsShared(string row, string routerPort, string switchPort) =>
        row == "router" || row == $"lrp/{routerPort}" || row == $"lsp/{switchPort}"
        || row.StartsWith($"chassis/{routerPort}-", StringComparison.Ordinal)
        || row.StartsWith("route/default/", StringComparison.Ordinal);
}
