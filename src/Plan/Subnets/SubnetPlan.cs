using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Plan.Addresses;
using Sluice.Plan.Addressing;
using Sluice.Plan.Vpcs;

namespace Sluice.Plan.Subnets;

/// <summary>What should exist of one subnet: the rows of its switch, the defaults in its spec, and what it should say.</summary>
public sealed record SubnetPlan
{
    /// <summary>
    /// The rows of the owner <c>Subnet/NAME</c>. Null leaves them as they are: a spec that was edited into something that can not work
    /// must not take the network away from pods that have it, and neither must a Vlan that was deleted too early.
    /// </summary>
    public ImmutableArray<DesiredRow>? Rows { get; private init; }

    /// <summary>Defaults and finalizer, to be stored before rows are written; without the finalizer once the rows are gone.</summary>
    public required Change<Subnet> Definition { get; init; }

    /// <summary>To be stored when the rows are there.</summary>
    public required Change<Subnet> Status { get; init; }

    public Outcome Outcome { get; private init; } = Outcome.Done;

    public static OwnerKey OwnerOf(string subnet) => SubnetRows.OwnerOf(subnet);

    /// <param name="obstacle">Why rows that the plan wants are not there; null when they are, or when that is not known yet.</param>
    public static SubnetPlan For(SubnetInput input, SubnetRefusal? obstacle = null)
    {
        var subnet = input.Subnet;
        if (subnet.Metadata.IsDeleting)
            return Delete(input);

        if (!SubnetAddresses.TryRead(subnet.Spec, out var addresses, out var problem))
            return Refuse(input, new(SubnetReasons.Invalid, $"{problem!.Field}: {problem.Message}"));

        var definition = subnet with
        {
            Metadata = subnet.Metadata.WithFinalizer(),
            Spec = SubnetDefaults.Fill(subnet, addresses, input.Settings),
        };
        input = input with { Subnet = definition };
        if (SubnetValidation.Check(input, addresses) is { } refusal)
            return Refuse(input with { Subnet = subnet }, refusal);

        var gap = SubnetValidation.CheckReferences(input) ?? obstacle ?? SubnetStatusPlan.CheckGateway(input);
        return new()
        {
            Rows = gap is { Reason: SubnetReasons.VlanInvalid } ? null : RowsOf(input, addresses),
            Definition = definition == subnet ? new(subnet, subnet) : new(subnet, definition),
            Status = SubnetStatusPlan.Served(input with { Subnet = subnet }, gap),
            Outcome = gap is null ? Outcome.Done : new Outcome.Blocked(gap.Reason, gap.Message),
        };
    }

    private static SubnetPlan Delete(SubnetInput input)
    {
        var subnet = input.Subnet;
        if (input.Users.IsEmpty)
        {
            return new()
            {
                Rows = [],
                Definition = new(subnet, subnet with { Metadata = subnet.Metadata.WithoutFinalizer() }),
                Status = new(subnet, subnet),
            };
        }

        var refusal = new SubnetRefusal(SubnetReasons.InUse, $"to be deleted once it is no longer used by {AddressUser.Describe(input.Users)}");
        return new()
        {
            Rows = SubnetAddresses.TryRead(subnet.Spec, out var addresses, out _) ? RowsOf(input, addresses) : null,
            Definition = new(subnet, subnet),
            Status = SubnetStatusPlan.Kept(input, refusal),
            Outcome = new Outcome.Blocked(refusal.Reason, refusal.Message),
        };
    }

    /// <summary>The finalizer is there from the first look, valid or not, so that what the subnet gave out is known to be its own.</summary>
    private static SubnetPlan Refuse(SubnetInput input, SubnetRefusal refusal) => new()
    {
        Definition = new(input.Subnet, input.Subnet with { Metadata = input.Subnet.Metadata.WithFinalizer() }),
        Status = SubnetStatusPlan.Refused(input, refusal),
        Outcome = new Outcome.Blocked(refusal.Reason, refusal.Message),
    };

    private static ImmutableArray<DesiredRow> RowsOf(SubnetInput input, SubnetAddresses addresses)
    {
        if (!SubnetPorts.IsOvn(input.Subnet))
            return [];

        var rows = new SubnetRows(input.Subnet.Metadata.Name);
        SwitchPlan.AddRows(rows, input, addresses);
        AclPlan.AddRows(rows, input, addresses);
        GatewayPlan.AddRows(rows, input, addresses);
        return rows.ToImmutable();
    }
}
