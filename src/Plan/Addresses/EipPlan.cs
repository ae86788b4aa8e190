using System.Collections.Immutable;
using Sluice.Api;
using Sluice.Kube;
using Sluice.Ovn;
using Sluice.Ovn.Northbound;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Addresses;

/// <summary>All that the plan of an OvnEip depends on.</summary>
public sealed record EipInput
{
    public required OvnEip Eip { get; init; }

    /// <summary>The subnet that it names, or the default one.</summary>
    public required string Subnet { get; init; }

    public required AddressGrant Grant { get; init; }

    /// <summary>The rules that name it, and for type lrp the Vpc whose router has the address.</summary>
    public ImmutableArray<AddressUser> Users { get; init; } = [];

    /// <summary>Whether there is a node of its name; matters for type lsp.</summary>
    public bool HasNode { get; init; }

    /// <summary>Whether OVN says that the port of an address of type lsp is plugged (<c>Logical_Switch_Port.up</c>, see ovn-nb(5)).</summary>
    public bool IsPortUp { get; init; }
}

/// <summary>
/// What an OvnEip should say, and the port that one of type lsp has. Addresses of types nat and lrp have no rows of their own: those
/// belong to the router that uses them.
/// </summary>
public sealed record EipPlan
{
    /// <summary>The rows of the owner <c>OvnEip/NAME</c>.</summary>
    public ImmutableArray<DesiredRow> Rows { get; private init; } = [];

    /// <summary>Labels, finalizer and status. The finalizer is added before rows are written and taken away when they are gone.</summary>
    public required Change<OvnEip> Change { get; init; }

    public Outcome Outcome { get; private init; } = Outcome.Done;

    public static OwnerKey OwnerOf(string eip) => new(nameof(OvnEip), eip);

    public static EipPlan For(EipInput input)
    {
        var eip = input.Eip;
        if (eip.Metadata.IsDeleting)
            return Delete(input);

        var status = StatusOf(input);
        var metadata = input.Grant.Lease is null ? eip.Metadata.WithFinalizer() : Labelled(eip, input.Subnet, input.Grant.Text(IpFamily.V4), input.Grant.Text(IpFamily.V6));
        return new()
        {
            Rows = RowsOf(input),
            Change = new(eip, eip with { Metadata = metadata, Status = status }),
            Outcome = RefusalOf(input) is { } refusal ? new Outcome.Blocked(refusal.Reason, refusal.Message) : Outcome.Done,
        };
    }

    private static EipPlan Delete(EipInput input)
    {
        var eip = input.Eip;
        if (!eip.Metadata.IsHeld())
            return new() { Change = new(eip, eip) };
        if (input.Users.IsEmpty)
            return new() { Change = new(eip, eip with { Metadata = eip.Metadata.WithoutFinalizer() }) };

        var message = $"to be deleted once it is no longer used by {AddressUser.Describe(input.Users)}";
        var status = StatusOf(input);
        var conditions = status.Conditions.With(
            ConditionTypes.Ready, status.Ready == true, AddressReasons.InUse, message, eip.Metadata.Generation);
        return new()
        {
            Rows = RowsOf(input),
            Change = new(eip, eip with { Status = status with { Conditions = conditions } }),
            Outcome = new Outcome.Blocked(AddressReasons.InUse, message),
        };
    }

    private static OvnEipStatus StatusOf(EipInput input)
    {
        var (eip, grant) = (input.Eip, input.Grant);
        var old = eip.Status ?? new OvnEipStatus();
        var type = TypeOf(eip);
        var nat = NatKinds(input.Users);
        var ready = grant.Lease is not null && (type != EipTypes.Lsp || (input.HasNode && input.IsPortUp));
        var status = old with
        {
            V4Ip = grant.IsSuspended ? old.V4Ip : grant.Text(IpFamily.V4),
            V6Ip = grant.IsSuspended ? old.V6Ip : grant.Text(IpFamily.V6),
            MacAddress = grant.IsSuspended ? old.MacAddress : grant.Mac,
            Type = type,
            Nat = nat,
            Use = nat.Length > 0 ? nat : type,
            Ready = ready,
        };
        return status with { Conditions = ConditionsOf(status, input) };
    }

    private static ValueList<Condition> ConditionsOf(OvnEipStatus status, EipInput input)
    {
        var (grant, metadata) = (input.Grant, input.Eip.Metadata);
        var (reason, message) = (status.Ready, RefusalOf(input)) switch
        {
            (true, _) => (AddressReasons.Allocated, null),
            (_, { } refusal) => (refusal.Reason, refusal.Message),
            _ => (AddressReasons.WaitingForNode, $"the agent of node {metadata.Name} has not plugged the port yet"),
        };
        var conditions = status.Conditions.With(ConditionTypes.Ready, status.Ready == true, reason, message, metadata.Generation);

        // An address that is kept although the spec now asks for another one stays usable; that it does not follow the spec is said apart.
        return grant is { Lease: not null, Refusal: { } kept }
            ? conditions.With(ConditionTypes.Validated, false, kept.Reason, kept.Message, metadata.Generation)
            : conditions.Without(ConditionTypes.Validated);
    }

    /// <summary>The metadata of an OvnEip that has addresses.</summary>
    internal static ObjectMeta Labelled(OvnEip eip, string subnet, string? v4, string? v6) => eip.Metadata
        .WithFinalizer()
        .WithHome(subnet)
        .WithLabel(Names.Labels.OvnEipType, TypeOf(eip))
        .WithLabel(Names.Labels.EipV4Ip, v4 ?? "")
        .WithLabel(Names.Labels.EipV6Ip, Names.Labels.EncodeV6(v6));

    private static ImmutableArray<DesiredRow> RowsOf(EipInput input)
    {
        if (TypeOf(input.Eip) != EipTypes.Lsp || !input.HasNode || input.Grant.Lease is not { } lease)
            return [];

        // Without port security: what comes out of the node's port was sent by somebody else.
        var row = new LogicalSwitchPort
        {
            Name = input.Eip.Metadata.Name,
            Addresses = [PortAddresses.Of(lease)],
            ExternalIds = StringMap.Of(("ls", input.Subnet)),
        };
        var parent = new Attachment("Logical_Switch", RowRef.Named("Logical_Switch", input.Subnet), "ports");
        return [new(new(OwnerOf(input.Eip.Metadata.Name), "lsp"), row, [parent])];
    }

    private static AddressRefusal? RefusalOf(EipInput input)
    {
        if (TypeOf(input.Eip) != EipTypes.Lsp || input.HasNode)
            return input.Grant.Refusal;
        var name = input.Eip.Metadata.Name;
        return new(AddressReasons.NodeNotFound, $"metadata.name: an OvnEip of type lsp has the name of its gateway node, and there is no Node \"{name}\"");
    }

    private static string TypeOf(OvnEip eip) => eip.Spec.Type is EipTypes.Lrp or EipTypes.Lsp ? eip.Spec.Type : EipTypes.Nat;

    private static string NatKinds(ImmutableArray<AddressUser> users)
    {
        var kinds = new List<string>(3);
        if (Uses(nameof(OvnDnatRule))) kinds.Add("dnat");
        if (Uses(nameof(OvnFip))) kinds.Add("fip");
        if (Uses(nameof(OvnSnatRule))) kinds.Add("snat");
        return string.Join(',', kinds);

        bool Uses(string kind) => users.Any(user => user.Kind == kind && !user.IsDeleting);
    }
}
