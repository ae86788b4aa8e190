namespace Sluice.Ko.Databases;

/// <summary>One of the two OVN databases, and what belongs to it in every installation (ovn-architecture(7)).</summary>
/// <param name="Name">How commands call it: <c>nb</c> or <c>sb</c>.</param>
/// <param name="Schema">Name of the database in its server.</param>
/// <param name="Tool">The program that reads and edits it.</param>
/// <param name="Variable">The environment variable from which <paramref name="Tool"/> takes its address.</param>
/// <param name="LeaderLabel">Kube-OVN labels the pod with the leading server so.</param>
/// <param name="Port">Where servers listen for clients.</param>
public sealed record OvnDb(string Name, string Schema, string Tool, string Variable, string LeaderLabel, int Port)
{
    public static OvnDb Northbound { get; } = new("nb", "OVN_Northbound", "ovn-nbctl", "OVN_NB_DB", "ovn-nb-leader=true", 6641);

    public static OvnDb Southbound { get; } = new("sb", "OVN_Southbound", "ovn-sbctl", "OVN_SB_DB", "ovn-sb-leader=true", 6642);

    public static IReadOnlyList<OvnDb> All { get; } = [Northbound, Southbound];

    /// <summary>File name of the server's control socket, for ovs-appctl(8).</summary>
    public string ControlSocket => $"ovn{Name}_db.ctl";

    /// <summary>File name of the server's socket for clients on its machine.</summary>
    public string ClientSocket => $"ovn{Name}_db.sock";
}
