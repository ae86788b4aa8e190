namespace Sluice.Plan.Subnets;

/// <summary>Reasons of the conditions and Events of subnets. Tools of Kube-OVN's world know these words.</summary>
public static class SubnetReasons
{
    /// <summary>A field of the spec has a value that can not work.</summary>
    public const string Invalid = "ValidateLogicalSwitchFailed";

    public const string Valid = "ValidateLogicalSwitchSuccess";

    /// <summary>The Vlan does not exist or can not be used.</summary>
    public const string VlanInvalid = "ValidateSubnetVlanFailed";

    /// <summary>The Vpc does not exist.</summary>
    public const string VpcNotFound = nameof(VpcNotFound);

    /// <summary>A row of somebody else has the name that one of ours should have.</summary>
    public const string Conflict = nameof(Conflict);

    /// <summary>A subnet of another CNI is ready: it gives out addresses.</summary>
    public const string NonOvn = "SetNonOvnSubnetSuccess";

    /// <summary>A private subnet is ready.</summary>
    public const string Private = "SetPrivateLogicalSwitchSuccess";

    /// <summary>A subnet that is not private is ready.</summary>
    public const string Public = "ResetLogicalSwitchAclSuccess";

    /// <summary>No gateway node of a centralized subnet is ready.</summary>
    public const string NoReadyGateway = nameof(NoReadyGateway);

    /// <summary>The subnet is being deleted, but others still use it.</summary>
    public const string InUse = nameof(InUse);
}

/// <summary>Why a subnet can not be as its spec says.</summary>
/// <param name="Reason">One of <see cref="SubnetReasons"/>.</param>
/// <param name="Message">For people; names the field and what stands against it.</param>
public sealed record SubnetRefusal(string Reason, string Message);
