using Sluice.Api;
using Sluice.Kube;

namespace Sluice.Plan.Addresses;

/// <summary>
/// The subnet that the addresses of an object are from: where it was given some, the label says, and the spec can not move them. An
/// address that is in use somewhere would otherwise be free for others as soon as somebody edits a field.
/// </summary>
public static class AddressHome
{
    private static readonly string FullName = PodAnnotations.Default.LogicalSwitch;

    /// <param name="defaultSubnet">The subnet of an OvnEip that names none.</param>
    public static string Of(OvnEip eip, string defaultSubnet) =>
        Home(eip.Metadata, eip.Status?.MacAddress) ?? NotEmpty(eip.Spec.ExternalSubnet) ?? defaultSubnet;

    public static string Of(Vip vip) => Home(vip.Metadata, vip.Status?.Mac) ?? vip.Spec.Subnet ?? "";

    public static string Of(Ip ip) => Home(ip.Metadata, ip.Spec.MacAddress) ?? ip.Spec.Subnet ?? "";

    /// <summary>The metadata that says so. A name that is too long for a label is in an annotation, too.</summary>
    public static ObjectMeta WithHome(this ObjectMeta metadata, string subnet)
    {
        var label = Names.LabelOf(subnet);
        return metadata.WithLabel(Names.Labels.Subnet, label).WithAnnotation(FullName, label == subnet ? null : subnet);
    }

    private static string? Home(ObjectMeta metadata, string? mac) =>
        string.IsNullOrEmpty(mac) ? null : NotEmpty(metadata.Annotation(FullName)) ?? NotEmpty(metadata.Label(Names.Labels.Subnet));

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
