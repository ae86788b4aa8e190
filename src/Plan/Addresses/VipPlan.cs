using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Addresses;

/// <summary>All that the plan of a Vip depends on.</summary>
public sealed record VipInput
{
    public required Vip Vip { get; init; }

    public required AddressGrant Grant { get; init; }

    /// <summary>The MAC address of the router's port in the subnet; null when there is no such port.</summary>
    public MacAddress? RouterMac { get; init; }

    /// <summary>The ports of the pods that may carry the address.</summary>
    public ImmutableArray<string> Parents { get; init; } = [];

    /// <summary>Name of the IP of the pod that has the Vip's addresses as its own; null when none has.</summary>
    public string? Holder { get; init; }

    /// <summary>The rules and pods that name it.</summary>
    public ImmutableArray<AddressUser> Users { get; init; } = [];
}

/// <summary>
/// What a Vip should say, and its port. A Vip without namespace and type is a reservation and has no port: the pod that carries the
/// address answers for it. Nor has one whose addresses a pod has as its own.
/// </summary>
public sealed record VipPlan
{
    /// <summary>The rows of the owner <c>Vip/NAME</c>.</summary>
    public ImmutableArray<DesiredRow> Rows { get; private init; } = [];

    /// <summary>Labels, finalizer and status, which are stored at once. The finalizer goes when the rows are gone.</summary>
    public required Change<Vip> Change { get; init; }

    public Outcome Outcome { get; private init; } = Outcome.Done;

    /// <summary>What a Vip claims; one that has nothing yet gets nothing from the subnet of node ports.</summary>
    /// <param name="nodeSubnet">Name of that subnet.</param>
    public static AddressClaim Claim(Vip vip, string nodeSubnet)
    {
        var claim = AddressClaims.Of(vip);
        return claim.Subnet == nodeSubnet && !claim.IsStored
            ? claim with { Problem = new(RefusalReason.Invalid, $"{claim.SubnetField}: Subnet \"{nodeSubnet}\" is for nodes only") }
            : claim;
    }

    public static OwnerKey OwnerOf(string vip) => new(nameof(Vip), vip);

    public static VipPlan For(VipInput input)
    {
        var vip = input.Vip;
        if (vip.Metadata.IsDeleting && !vip.Metadata.IsHeld())
            return new() { Change = new(vip, vip) };
        if (vip.Metadata.IsDeleting && input.Users.IsEmpty)
            return new() { Change = new(vip, vip with { Metadata = vip.Metadata.WithoutFinalizer() }) };

        var metadata = vip.Metadata.IsDeleting ? vip.Metadata : vip.Metadata.WithFinalizer();
        if (input.Grant.Lease is not null)
        {
            metadata = metadata
                .WithHome(AddressHome.Of(vip))
                .WithLabel(Names.Labels.IpReserved, input.Holder is null ? "" : Names.LabelOf(input.Holder));
        }
        return new()
        {
            Rows = RowsOf(input),
            Change = new(vip, vip with { Metadata = metadata, Status = StatusOf(input) }),
            Outcome = vip.Metadata.IsDeleting ? new Outcome.Blocked(AddressReasons.InUse, InUse(input))
                : input.Grant.Refusal is { } refusal ? new Outcome.Blocked(refusal.Reason, refusal.Message)
                : Outcome.Done,
        };
    }

    private static VipStatus StatusOf(VipInput input)
    {
        var (vip, grant) = (input.Vip, input.Grant);
        var old = vip.Status ?? new VipStatus();
        var status = old with
        {
            Type = vip.Spec.Type,
            V4ip = grant.IsSuspended ? old.V4ip : grant.Text(IpFamily.V4),
            V6ip = grant.IsSuspended ? old.V6ip : grant.Text(IpFamily.V6),
            Mac = grant.IsSuspended ? old.Mac : grant.Mac,
            Selector = vip.Spec.Selector,
            Ready = grant.Lease is not null,
        };
        return status with { Conditions = ConditionsOf(status, input) };
    }

    private static ValueList<Condition> ConditionsOf(VipStatus status, VipInput input)
    {
        // The status of a Vip is no subresource: storing it counts as a new generation, which no condition could ever catch up with.
        long? generation = null;
        var ready = status.Ready == true;
        var refusal = input.Grant.Refusal;
        var conditions = status.Conditions.With(
            ConditionTypes.Ready,
            ready,
            input.Vip.Metadata.IsDeleting ? AddressReasons.InUse : ready ? AddressReasons.Allocated : refusal!.Reason,
            input.Vip.Metadata.IsDeleting ? InUse(input) : ready ? null : refusal!.Message,
            generation);
        return ready && refusal is not null
            ? conditions.With(ConditionTypes.Validated, false, refusal.Reason, refusal.Message, generation)
            : conditions.Without(ConditionTypes.Validated);
    }

    private static string InUse(VipInput input) => $"to be deleted once it is no longer used by {AddressUser.Describe(input.Users)}";

    private static ImmutableArray<DesiredRow> RowsOf(VipInput input)
    {
        var vip = input.Vip;
        if (input.Grant.Lease is not { } lease || string.IsNullOrEmpty(vip.Spec.Namespace) || input.Holder is not null)
            return [];

        var name = vip.Metadata.Name;
        var portName = $"{name}.{vip.Spec.Namespace}";
        return vip.Spec.Type switch
        {
            VipTypes.SwitchLoadBalancer when input.RouterMac is { } mac => [Row(vip, new()
            {
                Name = portName,
                Addresses = [PortAddresses.Of(lease with { Mac = mac })],
                Options = StringMap.Of(("arp_proxy", "true")),
            })],
            VipTypes.HostVirtualMachine => [Row(vip, new() { Name = portName, Addresses = [PortAddresses.Of(lease)] })],
            VipTypes.SwitchLoadBalancer => [],
            _ => VirtualPorts(vip, lease, input.Parents),
        };
    }

    /// <summary>A virtual port binds to one address, see the virtual ports of ovn-nb(5), so each family has its own.</summary>
    private static ImmutableArray<DesiredRow> VirtualPorts(Vip vip, Lease lease, ImmutableArray<string> parents)
    {
        var rows = ImmutableArray.CreateBuilder<DesiredRow>();
        foreach (var address in lease.Addresses.ToArray())
        {
            var isSecond = rows.Count > 0;
            var options = StringMap.Of(("virtual-ip", address.ToString()));
            if (!parents.IsEmpty)
                options = options.With("virtual-parents", string.Join(',', parents.Order(StringComparer.Ordinal)));
            rows.Add(Row(vip, new()
            {
                Name = isSecond ? $"{vip.Metadata.Name}.v6" : vip.Metadata.Name,
                Type = "virtual",
                Addresses = [PortAddresses.Of(lease with { Addresses = DualStack<IpAddress>.Of(address) })],
                Options = options,
            }));
        }
        return rows.DrainToImmutable();
    }

    private static DesiredRow Row(Vip vip, LogicalSwitchPort port) => new(
        new(OwnerOf(vip.Metadata.Name), $"lsp/{port.Name}"),
        port with { ExternalIds = StringMap.Of(("ls", AddressHome.Of(vip))) },
        [new Attachment("Logical_Switch", RowRef.Named("Logical_Switch", AddressHome.Of(vip)), "ports")]);
}

/// <summary>Values of spec.type of a <see cref="Vip"/>; anything else is a plain address.</summary>
public static class VipTypes
{
    public const string SwitchLoadBalancer = "switch_lb_vip";
    public const string HostVirtualMachine = "kube_host_vm_vip";
}
