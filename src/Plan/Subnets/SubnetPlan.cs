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
    /// The rows of the owner <c>Subnet/NAME</c>. Null leaves them as they are: nothing may be said of a subnet that was never valid, and a Vlan
    /// that is gone too early takes the network away from nobody.
    /// </summary>
    public ImmutableArray<DesiredRow>? Rows { get; private init; }

    /// <summary>Defaults and finalizer, to be stored before rows are written; without the finalizer once the rows are gone.</summary>
    public required Change<Subnet> Definition { get; init; }

    /// <summary>
    /// That the written spec comes into force, to be stored before anything follows it; null when it is in force or not accepted. Whoever
    /// stored it plans again.
    /// </summary>
    public Change<Subnet>? Acceptance { get; private init; }

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

        var edit = SubnetEdit.Of(input);
        var definition = subnet with
        {
            Metadata = subnet.Metadata.WithFinalizer(),
            Spec = edit.Refusal is null ? edit.Written : subnet.WrittenSpec,
        };
        if (edit.InForce is not { } spec)
            return Refuse(input, definition, edit.Refusal!);
        if (!SubnetAddresses.TryRead(spec, out var addresses, out var problemInForce))
            return Refuse(input, definition, edit.Refusal ?? new(SubnetReasons.Invalid, $"{problemInForce!.Field}: {problemInForce.Message}"));

        var inForce = input with { Subnet = edit.Refusal is null ? Accepted(subnet, spec) : subnet };
        var gap = SubnetValidation.CheckReferences(inForce) ?? obstacle ?? SubnetStatusPlan.CheckGateway(inForce);
        var problem = edit.Refusal ?? gap;
        return new()
        {
            Rows = gap is { Reason: SubnetReasons.VlanInvalid } ? null : RowsOf(inForce, addresses),
            Definition = definition == subnet ? new(subnet, subnet) : new(subnet, definition),
            Acceptance = edit.Refusal is null && spec != subnet.Status?.Accepted ? new(subnet, Accepted(subnet, spec)) : null,
            Status = SubnetStatusPlan.Served(inForce with { Subnet = subnet }, spec, edit, gap),
            Outcome = problem is null ? Outcome.Done : new Outcome.Blocked(problem.Reason, problem.Message),
        };
    }

    private static Subnet Accepted(Subnet subnet, SubnetSpec spec) => subnet with { Status = (subnet.Status ?? new()) with { Accepted = spec } };

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

        var refusal = new SubnetRefusal(SubnetReasons.InUse, AddressUser.KeptBy(input.Users));
        return new()
        {
            Rows = SubnetAddresses.TryRead(subnet.Spec, out var addresses, out _) ? RowsOf(input, addresses) : null,
            Definition = new(subnet, subnet),
            Status = SubnetStatusPlan.Kept(input, refusal),
            Outcome = new Outcome.Blocked(refusal.Reason, refusal.Message),
        };
    }

    /// <summary>The finalizer is there from the first look, valid or not, so that what the subnet gave out is known to be its own.</summary>
    private static SubnetPlan Refuse(SubnetInput input, Subnet definition, SubnetRefusal refusal) => new()
    {
        Definition = new(input.Subnet, definition),
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
