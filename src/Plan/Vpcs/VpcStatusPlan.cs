using System.Collections.Immutable;
using Sluice.Api;

namespace Sluice.Plan.Vpcs;

/// <summary>What the Vpc itself should say.</summary>
/// <param name="Problems">What of its spec is not done.</param>
internal sealed record VpcStatusPlan(
    VpcInput Input, ImmutableArray<ExternalConnection> Connections, ImmutableArray<string> Referrers, IReadOnlyList<Refusal> Problems)
{
    private const int MaxNamed = 5;

    /// <summary>The change of the Vpc, or null when it says what it should.</summary>
    /// <param name="released">Whether nothing outside of the router is left of the VPC.</param>
    public Change<Vpc>? Change(VpcStage stage, Obstacles obstacles, bool released)
    {
        if (Input.Vpc is not { } vpc) return null;
        if (stage == VpcStage.Gone)
        {
            return vpc.Metadata.IsHeld() && released ? new(vpc, vpc with { Metadata = vpc.Metadata.WithoutFinalizer() }) : null;
        }
        var desired = vpc with { Metadata = vpc.Metadata.WithFinalizer(), Status = Status(vpc, obstacles) };
        return desired.Equals(vpc) ? null : new(vpc, desired);
    }

    private VpcStatus Status(Vpc vpc, Obstacles obstacles)
    {
        var connected = Connections
            .Where(connection => connection.Refusal is null && obstacles.OfPort(Input.Name, connection.Subnet) is null)
            .Select(connection => connection.Subnet)
            .ToArray();
        var extras = connected.Where(subnet => subnet != Input.Settings.DefaultExternalSubnet).Order(StringComparer.Ordinal).ToValueList();
        var isDefault = Input.Name == Input.Settings.DefaultVpc;
        return new()
        {
            Standby = true,
            Default = isDefault,
            Router = Input.Name,
            DefaultLogicalSwitch = isDefault
                ? Input.Subnets.Select(subnet => subnet.Spec.Default == true ? subnet.Metadata.Name : null).OfType<string>().Min(StringComparer.Ordinal)
                : AddressText.OrNull(vpc.Spec.DefaultSubnet),
            Subnets = Input.Subnets
                .Where(subnet => !subnet.Metadata.IsDeleting && SubnetPorts.IsOvn(subnet))
                .Select(subnet => subnet.Metadata.Name)
                .Order(StringComparer.Ordinal)
                .ToValueList(),
            EnableExternal = connected.Length > 0,
            ExtraExternalSubnets = extras.Count > 0 ? extras : null,
            EnableBfd = false,
            Conditions = Conditions(vpc, obstacles),
        };
    }

    private ValueList<Condition> Conditions(Vpc vpc, Obstacles obstacles)
    {
        var deleting = Input.Subnets.Where(subnet => subnet.Metadata.IsDeleting).Select(subnet => subnet.Metadata.Name);
        Refusal[] unwritten = [.. obstacles.All(ignored: deleting)];
        Refusal[] inUse = Referrers.IsEmpty ? [] : [new(Reasons.InUse, $"to be deleted once it is no longer used by {Shortened(Referrers)}")];
        Refusal[] problems = [.. inUse, .. Problems, .. unwritten];
        return
        [
            Condition(vpc, ConditionTypes.Ready, problems),
            Condition(vpc, ConditionTypes.Programmed, unwritten),
        ];
    }

    private static string Shortened(ImmutableArray<string> names) => names.Length <= MaxNamed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MaxNamed))} and {names.Length - MaxNamed} more";

    private static Condition Condition(Vpc vpc, string type, Refusal[] problems) => new()
    {
        Type = type,
        Status = problems.Length == 0 ? ConditionStatus.True : ConditionStatus.False,
        Reason = problems.Length == 0 ? Reasons.Programmed : problems[0].Reason,
        Message = problems.Length == 0 ? null : string.Join("; ", problems.Select(problem => problem.Message).Distinct(StringComparer.Ordinal)),
        ObservedGeneration = vpc.Metadata.Generation,
    };
}
