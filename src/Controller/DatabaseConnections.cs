using Sluice.Controller.Options;
using Sluice.Ovn;
using Sluice.Ovsdb;

namespace Sluice.Controller;

/// <summary>How this process connects to the databases of OVN.</summary>
internal static class DatabaseConnections
{
    /// <summary>Held by the one process that writes the northbound database; an id as RFC 7047 section 3.1 wants it.</summary>
    public const string WriterLock = "sluice_controller";

    /// <param name="address">One of those in <paramref name="options"/>.</param>
    public static OvnDatabaseOptions Of(ControllerOptions options, string address) => new()
    {
        Endpoints = Endpoint.ParseList(address),
        InactivityProbe = options.DatabaseInactivity,
        TransactTimeout = options.DatabaseTimeout,
        Tls = address.Contains("ssl:", StringComparison.Ordinal)
            ? new TlsOptions(options.DatabaseTls.Key, options.DatabaseTls.Certificate, options.DatabaseTls.Authority)
            : null,
    };
}
