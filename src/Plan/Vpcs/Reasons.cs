namespace Sluice.Plan.Vpcs;

/// <summary>Why a VPC or a rule of one is ready or not: the reasons of its conditions.</summary>
public static class Reasons
{
    /// <summary>All rows are in the northbound database.</summary>
    public const string Programmed = "Programmed";

    /// <summary>Rows are still to be written.</summary>
    public const string NotProgrammed = "NotProgrammed";

    /// <summary>A field of the spec has a value that can not work, whatever else exists.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>The rule names an OvnEip that does not exist.</summary>
    public const string EipNotFound = "EipNotFound";

    /// <summary>The OvnEip has no address yet.</summary>
    public const string EipNotReady = "EipNotReady";

    /// <summary>The OvnEip is of a type that the request can not use.</summary>
    public const string EipTypeMismatch = "EipTypeMismatch";

    /// <summary>The rule names an IP that does not exist.</summary>
    public const string IpNotFound = "IPNotFound";

    /// <summary>The rule names a Vip that does not exist.</summary>
    public const string VipNotFound = "VipNotFound";

    /// <summary>The IP or Vip has no address yet, or an IP has no MAC address yet.</summary>
    public const string AddressPending = "AddressPending";

    /// <summary>A Subnet that is named does not exist.</summary>
    public const string SubnetNotFound = "SubnetNotFound";

    /// <summary>A Subnet exists but can not serve the purpose.</summary>
    public const string SubnetNotUsable = "SubnetNotUsable";

    /// <summary>The Vpc does not exist.</summary>
    public const string VpcNotFound = "VpcNotFound";

    /// <summary>The Vpc is a router of somebody else's, which we do not change.</summary>
    public const string VpcNotManaged = "VpcNotManaged";

    /// <summary>The external address and the internal one have no address family in common.</summary>
    public const string FamilyMismatch = "FamilyMismatch";

    /// <summary>An older object has what this one asks for.</summary>
    public const string Conflict = "Conflict";

    /// <summary>The OvnEip is from an external subnet that the Vpc is not connected to.</summary>
    public const string NotConnected = "NotConnected";

    /// <summary>No node is labelled as external gateway, or none of them has a chassis.</summary>
    public const string NoGatewayNode = "NoGatewayNode";

    /// <summary>The ConfigMap of the external gateway has a value that can not work.</summary>
    public const string InvalidGatewayConfig = "InvalidGatewayConfig";

    /// <summary>A route or policy leads to an address that is in none of the networks of the router.</summary>
    public const string NextHopUnreachable = "NextHopUnreachable";

    /// <summary>There are too few gateway nodes to spread traffic over.</summary>
    public const string TooFewGateways = "TooFewGateways";

    /// <summary>The OVN in use can not do this.</summary>
    public const string NotSupported = "NotSupported";

    /// <summary>The object is being deleted, but others still use it.</summary>
    public const string InUse = "InUse";
}
