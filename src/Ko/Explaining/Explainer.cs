using Sluice.Api;
using Sluice.Ko.Reading;
using Sluice.Kube;
using Sluice.Plan.Addresses;
using Sluice.Plan.Ports;
using Sluice.Plan.Vpcs;

namespace Sluice.Ko.Explaining;

/// <summary>Follows the way of packets through everything that must work for one object to work. Pure: reads a survey, nothing else.</summary>
public sealed class Explainer(Survey survey)
{
    private readonly Dictionary<string, VpcForecast> _forecasts = new(StringComparer.Ordinal);

    private ClusterObjects Objects => survey.Objects;

    /// <exception cref="KoException">There is no such OvnEip.</exception>
    public Explanation Eip(string name)
    {
        var eip = Found(Objects.Eips, name, nameof(OvnEip));
        var subnet = Objects.SubnetOf(eip);
        List<Step> path = [EipStep(eip), .. ExternalNetwork.Of(survey, subnet, NamedBy(eip), null)];
        if (eip.Spec.Type == EipTypes.Lrp && RouterPortNames.VpcOf(name, subnet) is { } vpc)
            path.AddRange([VpcStep(vpc, subnet), .. GatewaySteps.Of(survey, name)]);

        // A rule that does not work is its own affair: the address may serve others.
        path.AddRange(Rules().Where(rule => rule.Eip == name).Select(rule => Softened(RuleStep(rule))));
        path.Add(RowSteps.Controller(survey));
        return new(nameof(OvnEip), name, [.. path]);
    }

    /// <exception cref="KoException">There is no such OvnFip.</exception>
    public Explanation Fip(string name) => Rule(Found(Objects.Fips, name, nameof(OvnFip)));

    /// <exception cref="KoException">There is no such OvnSnatRule.</exception>
    public Explanation Snat(string name) => Rule(Found(Objects.SnatRules, name, nameof(OvnSnatRule)));

    /// <exception cref="KoException">There is no such OvnDnatRule.</exception>
    public Explanation Dnat(string name) => Rule(Found(Objects.DnatRules, name, nameof(OvnDnatRule)));

    /// <exception cref="KoException">There is no such pod.</exception>
    public Explanation Pod(ObjectKey key)
    {
        var pod = Objects.Pods.Find(key) ?? throw new KoException($"there is no Pod {key}");
        var port = PortPlan.PortName(pod.Metadata);
        List<Step> path = [.. PodSteps.OfIp(Objects, port)];
        var subnet = Objects.Ips.Find(port) is { } ip ? Objects.Subnets.Find(AddressHome.Of(ip)) : null;
        if (subnet is not null)
        {
            var vpc = SubnetPorts.VpcOf(subnet, Objects.Settings.DefaultVpc);
            path.Add(VpcStep(vpc, null));
            path.Add(RowSteps.Binding(survey, port));
        }
        path.AddRange(Rules()
            .Where(rule => (rule.IpName == port && !rule.IsVip) || (subnet is not null && rule.InnerSubnet == subnet.Metadata.Name))
            .Select(rule => Softened(RuleStep(rule))));
        path.Add(RowSteps.Controller(survey));
        return new(nameof(Kube.Core.Pod), key.ToString(), [.. path]);
    }

    private Explanation Rule(KubeObject item)
    {
        var rule = RuleView.Of(Objects, item, Forecast);
        var path = new List<Step>();
        var eip = Objects.Eips.Find(rule.Eip);
        var subnet = eip is null ? null : Objects.SubnetOf(eip);
        var podNode = rule.IsDistributed ? Objects.Ips.Find(rule.IpName)?.Spec.NodeName : null;
        if (eip is not null)
            path.AddRange([EipStep(eip), .. ExternalNetwork.Of(survey, subnet!, NamedBy(eip), podNode)]);
        else
            path.Add(new(Layer.Eip, nameof(OvnEip), rule.Eip ?? "", StepState.Broken, $"OvnEip \"{rule.Eip}\" does not exist; spec.ovnEip of {rule.Kind} \"{rule.Name}\" names it"));
        if (rule.Vpc is { } vpc)
        {
            path.Add(VpcStep(vpc, subnet));
            if (subnet is not null)
                path.AddRange(GatewaySteps.Of(survey, Names.RouterPort(vpc, subnet)));
        }
        path.Add(RuleStep(rule));
        path.AddRange(Inside(rule));
        path.Add(RowSteps.Controller(survey));
        if (rule.Vpc is { } owner && subnet is not null)
        {
            path.AddRange(RowSteps.Of(survey, rule, Forecast(owner), subnet));
            path.Add(RowSteps.Binding(survey, rule.IsDistributed ? rule.IpName! : GatewaySteps.RedirectPort(Names.RouterPort(owner, subnet))));
        }
        return new(rule.Kind, rule.Name, [.. path]);
    }

    private IEnumerable<Step> Inside(RuleView rule)
    {
        if (!string.IsNullOrEmpty(rule.InnerSubnet))
            return [PodSteps.InnerSubnet(Objects, rule.InnerSubnet)];
        if (string.IsNullOrEmpty(rule.IpName))
            return [];
        return rule.IsVip ? PodSteps.OfVip(Objects, rule.IpName) : PodSteps.OfIp(Objects, rule.IpName);
    }

    private static Step EipStep(OvnEip eip)
    {
        var (name, status) = (eip.Metadata.Name, eip.Status);
        var addresses = string.Join(',', ((string?[])[status?.V4Ip, status?.V6Ip]).Where(address => !string.IsNullOrEmpty(address)));
        if (addresses.Length == 0)
        {
            var why = status?.Conditions.Find(ConditionTypes.Ready)?.Message ?? "the controller has not given it one yet";
            return new(Layer.Eip, nameof(OvnEip), name, StepState.Broken, $"OvnEip \"{name}\" has no address: {why}");
        }
        return status!.Conditions.Find(ConditionTypes.Validated) is { Status: ConditionStatus.False } kept
            ? new(Layer.Eip, nameof(OvnEip), name, StepState.Warning, $"keeps {addresses}: {kept.Message}")
            : new(Layer.Eip, nameof(OvnEip), name, StepState.Ok, $"{addresses}, {status.MacAddress}");
    }

    /// <param name="external">The external subnet that it must be connected to; null when none is asked for.</param>
    private Step VpcStep(string name, string? external)
    {
        if (Objects.Vpcs.Find(name) is not { } vpc)
            return Step(Layer.VpcSpec, StepState.Broken, $"Vpc \"{name}\" does not exist");
        if (external is not null && !ExternalSubnets.WantedBy(vpc, Objects.Settings).Contains(external))
        {
            var field = vpc.Spec.EnableExternal == true ? "spec.extraExternalSubnets does not name it" : "spec.enableExternal is not true";
            return Step(Layer.VpcSpec, StepState.Broken, $"Vpc \"{name}\" is not connected to Subnet \"{external}\": {field}");
        }
        var ready = Forecast(name).Vpc?.Status?.Conditions.Find(ConditionTypes.Ready);
        if (ready is { Status: ConditionStatus.False })
            return Step(Layer.Router, external is null ? StepState.Warning : StepState.Broken, ready.Message ?? ready.Reason ?? "not ready");
        var port = external is null ? null : Objects.Eips.Find(Names.RouterPort(name, external));
        return Step(Layer.Router, StepState.Ok, port is null ? $"router {name}" : $"router port {port.Metadata.Name}, {port.Status?.V4Ip ?? port.Status?.V6Ip}");

        Step Step(Layer layer, StepState state, string summary) => new(layer, nameof(Vpc), name, state, summary);
    }

    private static Step RuleStep(RuleView rule)
    {
        var problem = rule.Problem ?? (rule.IsNew ? "the controller has not taken it up yet" : null);
        return problem is null
            ? new(Layer.Rule, rule.Kind, rule.Name, StepState.Ok, rule.IsDistributed ? $"{rule.Summary}, on the node of the pod" : rule.Summary)
            : new(Layer.Rule, rule.Kind, rule.Name, StepState.Broken, problem);
    }

    private IEnumerable<RuleView> Rules() =>
        ((IEnumerable<KubeObject>)[.. Objects.Fips.All, .. Objects.SnatRules.All, .. Objects.DnatRules.All])
            .Select(rule => RuleView.Of(Objects, rule, Forecast));

    private VpcForecast Forecast(string vpc)
    {
        if (!_forecasts.TryGetValue(vpc, out var forecast))
            _forecasts.Add(vpc, forecast = VpcForecast.For(survey, vpc));
        return forecast;
    }

    private static Step Softened(Step step) => step.State == StepState.Broken ? step with { State = StepState.Warning } : step;

    private static string NamedBy(OvnEip eip) => string.IsNullOrEmpty(eip.Spec.ExternalSubnet)
        ? $"the controller's flag --external-gateway-switch, which OvnEip \"{eip.Metadata.Name}\" relies on,"
        : $"spec.externalSubnet of OvnEip \"{eip.Metadata.Name}\"";

    private static T Found<T>(Catalog<T> objects, string name, string kind)
        where T : KubeObject => objects.Find(name) ?? throw new KoException($"there is no {kind} \"{name}\"");
}
