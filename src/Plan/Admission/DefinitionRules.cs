using Sluice.Api;

namespace Sluice.Plan.Admission;

/// <summary>What the definitions of our kinds say in CEL, which API servers before 1.25 do not understand.</summary>
internal static class DefinitionRules
{
    /// <summary>The bridge br-NAME may have 15 characters, as every Linux interface.</summary>
    private const int MaxProviderNetworkName = 12;

    public static Objection? Check(ProviderNetwork network) => network.Metadata.Name.Length > MaxProviderNetworkName
        ? Objection.Invalid($"metadata.name: \"{network.Metadata.Name}\" has more than {MaxProviderNetworkName} characters, and the bridge br-NAME may have 15")
        : null;

    public static Objection? CheckChange(OvnEip old, OvnEip eip) =>
        Unchanged(nameof(OvnEip), "spec.externalSubnet", old.Spec.ExternalSubnet, eip.Spec.ExternalSubnet)
        ?? Unchanged(nameof(OvnEip), "spec.type", old.Spec.Type, eip.Spec.Type);

    public static Objection? CheckChange(OvnFip old, OvnFip rule) => Unchanged(nameof(OvnFip), "spec.vpc", old.Spec.Vpc, rule.Spec.Vpc);

    public static Objection? CheckChange(OvnSnatRule old, OvnSnatRule rule) => Unchanged(nameof(OvnSnatRule), "spec.vpc", old.Spec.Vpc, rule.Spec.Vpc);

    public static Objection? CheckChange(OvnDnatRule old, OvnDnatRule rule) => Unchanged(nameof(OvnDnatRule), "spec.vpc", old.Spec.Vpc, rule.Spec.Vpc);

    /// <summary>A field that is empty may still be set.</summary>
    private static Objection? Unchanged(string kind, string field, string? old, string? value) => string.IsNullOrEmpty(old) || old == value
        ? null
        : Objection.Invalid($"{field}: can not be changed from \"{old}\" to \"{value}\"; create another {kind}");
}
