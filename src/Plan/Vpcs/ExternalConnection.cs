using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>The port of a VPC's router in an external subnet, or why there is none.</summary>
internal sealed record ExternalConnection
{
    /// <summary>Name of the external subnet.</summary>
    public required string Subnet { get; init; }

    /// <summary>Name of the Logical_Router_Port and of the OvnEip that holds its address.</summary>
    public required string RouterPort { get; init; }

    /// <summary>Why the port can not exist; null when it can.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>The OvnEip to create, when it is all that is missing.</summary>
    public OvnEip? NewEip { get; init; }

    /// <summary>The OvnEip with the addresses that the port should have now; null when it asks for them already.</summary>
    public Change<OvnEip>? ChangedEip { get; init; }

    /// <summary>What is not as it should be although the port exists.</summary>
    public Refusal? Remark { get; init; }

    /// <summary>Whether the external network has no Subnet, so that its switch comes with the port.</summary>
    public bool IsBare { get; init; }

    /// <summary>The chassis that may carry the port, the preferred one first.</summary>
    public ValueList<string> Chassis { get; init; } = [];

    /// <summary>The chassis that carries the port now; null when that is not known.</summary>
    public string? ActiveChassis { get; init; }

    public string Mac { get; init; } = "";

    /// <summary>The addresses of the port with their prefix lengths.</summary>
    public ValueList<string> Networks { get; init; } = [];

    /// <summary>The networks of the port.</summary>
    public IEnumerable<Cidr> Cidrs => Networks.Select(Cidr.Parse);

    /// <summary>The gateway of the external subnet for the families that the port has.</summary>
    public string? V4Gateway { get; init; }

    public string? V6Gateway { get; init; }

    /// <summary>Adds the router port, its peer and the chassis that may carry it.</summary>
    public void AddRows(VpcRows rows, string vpc)
    {
        RouterPlan.AddPorts(rows, vpc, Subnet, new()
        {
            Name = RouterPort,
            Mac = Mac,
            Networks = [.. Networks],
        }, StringMap.Of(
            ("router-port", RouterPort),
            // The gateway announces the router's and its rules' addresses when it takes over and when they come into use.
            ("nat-addresses", "router")));
        GatewayChassisPlan.AddRows(rows, vpc, this);
    }

    /// <summary>The object that asks for the address of a router port.</summary>
    /// <param name="gateway">Asks for addresses by value; null when any will do.</param>
    public static OvnEip EipFor(Vpc vpc, string subnet, ExternalGateway? gateway) => new()
    {
        Metadata = new()
        {
            Name = Names.RouterPort(vpc.Metadata.Name, subnet),
            OwnerReferences =
            [
                new OwnerReference
                {
                    ApiVersion = SluiceResources.Vpcs.ApiVersion,
                    Kind = nameof(Vpc),
                    Name = vpc.Metadata.Name,
                    Uid = vpc.Metadata.Uid ?? "",
                    Controller = true,
                },
            ],
        },
        Spec = Asking(new() { ExternalSubnet = subnet, Type = EipTypes.Lrp }, gateway),
    };

    /// <summary>The spec with the addresses that the ConfigMap of the external gateway wants.</summary>
    public static OvnEipSpec Asking(OvnEipSpec spec, ExternalGateway? gateway) => spec with
    {
        V4Ip = gateway?.NicAddresses.V4?.ToString(),
        V6Ip = gateway?.NicAddresses.V6?.ToString(),
        MacAddress = gateway?.NicMac?.ToString(),
    };

    /// <summary>Whether <see cref="EipFor"/> made the OvnEip; one that a user made in advance stays when the port goes.</summary>
    public static bool IsAutomatic(OvnEip eip, string vpc) =>
        eip.Metadata.OwnerReferences?.Any(owner => owner.Kind == nameof(Vpc) && owner.Name == vpc) ?? false;
}
