using System.Collections.Immutable;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;

namespace Sluice.Plan.Vpcs;

/// <summary>NAT rows of a FIP or SNAT rule.</summary>
internal static class NatRows
{
    /// <summary>One row per family that <paramref name="translation"/> has, attached to the VPC's router.</summary>
    /// <param name="row">Makes a row from an external and an internal address.</param>
    public static ImmutableArray<DesiredRow> For(
        string kind, string rule, Translation translation, RuleContext context, Func<string, string, Nat> row)
    {
        // northd finds the port by itself when there is but one, and a row without the reference works on every version.
        var port = context.SeveralGatewayPorts ? VpcRows.RouterPort(context.Vpc, translation.ExternalSubnet) : null;

        var rows = ImmutableArray.CreateBuilder<DesiredRow>(2);
        if (translation.V4Eip is { } v4) rows.Add(Make("v4", row(v4, translation.V4!)));
        if (translation.V6Eip is { } v6) rows.Add(Make("v6", row(v6, translation.V6!)));
        return rows.ToImmutable();

        DesiredRow Make(string family, Nat nat) => new(
            new(VpcRows.OwnerOf(context.Vpc), $"nat/{kind}/{rule}/{family}"),
            port is null ? nat : nat with { GatewayPort = port },
            [context.NatSet]);
    }
}
