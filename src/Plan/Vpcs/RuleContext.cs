using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;

namespace Sluice.Plan.Vpcs;

/// <summary>What all rules of a VPC depend on beside themselves.</summary>
internal sealed record RuleContext
{
    public required string Vpc { get; init; }

    /// <summary>Why no rule of the VPC can have rows; null when some can.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The external ports of the router, those that are refused included.</summary>
    public ValueList<ConnectionFacts> Connections { get; init; } = [];

    /// <summary>The subnets of the VPC that no rule can lead to.</summary>
    public ValueList<UnservedSubnet> UnservedSubnets { get; init; } = [];

    public OvnCapabilities Capabilities { get; init; } = new();

    /// <summary>See <see cref="VpcSettings.FipType"/>.</summary>
    public string FipType { get; init; } = GatewayTypes.Distributed;

    /// <summary>Whether the router has several distributed gateway ports, so that rows must say which of them they mean.</summary>
    public bool SeveralGatewayPorts { get; init; }

    /// <summary>The set of NAT rows of the VPC's router; one instance, so that rows with it are compared fast.</summary>
    public required Attachment NatSet { get; init; }

    /// <summary>The set of load balancers of the VPC's router.</summary>
    public required Attachment LoadBalancerSet { get; init; }

    /// <param name="attached">The subnets that get a port of the router.</param>
    public static RuleContext Of(
        VpcInput input, VpcStage stage, ImmutableArray<ExternalConnection> connections, ImmutableArray<Subnet> attached) => new()
    {
        Vpc = input.Name,
        NatSet = new("Logical_Router", VpcRows.Router(input.Name), "nat"),
        LoadBalancerSet = new("Logical_Router", VpcRows.Router(input.Name), "load_balancer"),
        Refusal = stage == VpcStage.Gone ? NoRouter(input) : null,
        Connections = connections.Select(connection => new ConnectionFacts(connection.Subnet, connection.Refusal)).ToValueList(),
        UnservedSubnets = stage == VpcStage.Gone ? [] : UnservedSubnet.Of(input, attached, connections),
        SeveralGatewayPorts = connections.Count(connection => connection.Refusal is null) > 1,
        Capabilities = input.Settings.Capabilities,
        FipType = input.Settings.FipType,
    };

    /// <summary>Why nothing in this VPC can lead to the target of a rule; null when something can.</summary>
    public Refusal? CheckTarget(RuleTarget target)
    {
        foreach (var subnet in UnservedSubnets.AsSpan())
        {
            if (subnet.Has(target)) return subnet.Refusal.In(target.AddressField);
        }
        return null;
    }

    /// <summary>Why the OvnEip of a rule is of no use in this VPC; null when it is.</summary>
    public Refusal? CheckConnection(Translation translation)
    {
        var connection = Find(translation.ExternalSubnet);
        if (connection is null)
        {
            return new(
                Reasons.NotConnected,
                $"spec.ovnEip: OvnEip \"{translation.Eip}\" is from Subnet \"{translation.ExternalSubnet}\", "
                + $"which Vpc \"{Vpc}\" is not connected to, see its spec.enableExternal and spec.extraExternalSubnets");
        }
        return connection.Refusal is { } refusal ? refusal with { Message = $"Vpc \"{Vpc}\": {refusal.Message}" } : null;
    }

    private static Refusal NoRouter(VpcInput input) => input.Vpc is { } vpc && VpcStages.IsImported(vpc)
        ? new(Reasons.VpcNotManaged, $"Vpc \"{input.Name}\" is another system's router")
        : new(Reasons.VpcNotFound, $"Vpc \"{input.Name}\" does not exist");

    private ConnectionFacts? Find(string externalSubnet)
    {
        foreach (var connection in Connections.AsSpan())
        {
            if (connection.Subnet == externalSubnet) return connection;
        }
        return null;
    }
}

/// <summary>The part of an <see cref="ExternalConnection"/> that rules depend on.</summary>
internal sealed record ConnectionFacts(string Subnet, Refusal? Refusal);
