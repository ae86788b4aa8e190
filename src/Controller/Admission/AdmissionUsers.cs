namespace Sluice.Controller.Admission;

/// <summary>Whose requests are never refused: those who only carry out what was decided before, so that nothing gets stuck.</summary>
/// <param name="controllerNamespace">Where the controller's service account is.</param>
internal sealed class AdmissionUsers(string controllerNamespace)
{
    /// <summary>The user or group that deploy/rbac gives the rights of a controller outside of the cluster.</summary>
    private const string Controller = "sluice:controller";

    private readonly HashSet<string> _trusted = new(StringComparer.Ordinal)
    {
        Controller,
        $"system:serviceaccount:{controllerNamespace}:sluice-controller",
        "system:serviceaccount:kube-system:generic-garbage-collector",
        "system:serviceaccount:kube-system:namespace-controller",
        "system:kube-controller-manager",
    };

    public bool IsTrusted(AdmissionUser user) =>
        _trusted.Contains(user.Username) || (user.Groups?.Contains(Controller, StringComparer.Ordinal) ?? false);
}
