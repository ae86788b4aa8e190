using System.Net;

namespace Sluice.Controller.Options;

/// <summary>What the environment of the process says; flags win over it.</summary>
internal static class ControllerEnvironment
{
    private const string DefaultNorthboundPort = "6641";
    private const string DefaultSouthboundPort = "6642";

    /// <param name="variable">Looks an environment variable up.</param>
    public static ControllerOptions Read(Func<string, string?> variable)
    {
        var options = new ControllerOptions();
        var election = options.Election with
        {
            Identity = NotEmpty(variable("POD_NAME")) ?? options.Election.Identity,
            Namespace = NotEmpty(variable("POD_NAMESPACE")) ?? options.Election.Namespace,
        };

        // A pod on the host's network must not offer its health to everybody else on that network.
        return options with
        {
            Election = election,
            HttpAddress = IPAddress.TryParse(variable("POD_IP"), out var address) ? address : options.HttpAddress,
            NorthboundAddress = NotEmpty(variable("OVN_NB_ADDR"))
                ?? Members(variable, NotEmpty(variable("KUBE_OVN_NB_PORT")) ?? DefaultNorthboundPort)
                ?? options.NorthboundAddress,
            SouthboundAddress = NotEmpty(variable("OVN_SB_ADDR"))
                ?? Members(variable, NotEmpty(variable("KUBE_OVN_SB_PORT")) ?? DefaultSouthboundPort)
                ?? options.SouthboundAddress,
        };
    }

    /// <summary>The members of a clustered database, which <c>OVN_DB_IPS</c> lists; null when it does not.</summary>
    private static string? Members(Func<string, string?> variable, string port)
    {
        if (NotEmpty(variable("OVN_DB_IPS")) is not { } list)
            return null;

        var scheme = string.Equals(variable("ENABLE_SSL"), "true", StringComparison.OrdinalIgnoreCase) ? "ssl" : "tcp";
        var members = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(',', members.Select(host => host.Contains(':', StringComparison.Ordinal) ? $"{scheme}:[{host}]:{port}" : $"{scheme}:{host}:{port}"));
    }

    private static string? NotEmpty(string? value) => string.IsNullOrEmpty(value) ? null : value;
}
