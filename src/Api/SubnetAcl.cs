using System.ComponentModel.DataAnnotations;

namespace Sluice.Api;

/// <summary>An access control list entry of a subnet; see the ACL table of ovn-nb(5).</summary>
public sealed record SubnetAcl
{
    /// <summary>from-lport for what ports send, to-lport for what they receive.</summary>
    [AllowedValues("from-lport", "to-lport")]
    public string? Direction { get; init; }

    /// <summary>The highest priority that matches wins.</summary>
    [Range(0, 32767)]
    public int? Priority { get; init; }

    /// <summary>The packets it applies to, in OVN's expression language.</summary>
    public string? Match { get; init; }

    /// <summary>What happens to them.</summary>
    [AllowedValues("allow", "allow-related", "allow-stateless", "drop", "reject", "pass")]
    public string? Action { get; init; }
}
