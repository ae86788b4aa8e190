using System.Globalization;
using System.Net;
using Sluice.Lab.Network;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Ovn;

/// <summary>One server of one OVN database: standalone, or a member of a RAFT cluster (ovsdb(7)).</summary>
public sealed class OvnDatabase
{
    private readonly string _schema;
    private readonly string _file;
    private readonly IReadOnlyList<string> _peers;
    private readonly string _raftAddress;
    private readonly string _databaseName;

    /// <param name="name"><c>nb</c> or <c>sb</c>.</param>
    /// <param name="address">The member's own address in the underlay.</param>
    /// <param name="peers">The addresses of all members, the first one founds the cluster; a single one means no cluster.</param>
    public OvnDatabase(LabLayout layout, string place, string name, IPAddress address, IReadOnlyList<IPAddress> peers)
    {
        var (clientPort, raftPort) = name == "nb" ? (6641, 6643) : (6642, 6644);
        var directory = layout.DirectoryOf(place);
        _databaseName = name == "nb" ? "OVN_Northbound" : "OVN_Southbound";
        _schema = $"/usr/share/ovn/ovn-{name}.ovsschema";
        _file = Path.Combine(directory, $"ovn{name}_db.db");
        _raftAddress = Tcp(address, raftPort);
        _peers = [.. peers.Select(peer => Tcp(peer, raftPort))];
        Socket = Path.Combine(directory, $"ovn{name}_db.sock");
        Remote = Tcp(address, clientPort);
        Server = new Component
        {
            Name = name,
            Node = peers.Count > 1 ? place : null,
            Directory = directory,
            Command = (new Command("ovsdb-server", _file,
                $"--remote=punix:{Socket}", string.Create(CultureInfo.InvariantCulture, $"--remote=ptcp:{clientPort}:{address}"),
                $"--unixctl={Path.Combine(directory, $"ovn{name}_db.ctl")}", $"--pidfile={Path.Combine(directory, $"ovn{name}_db.pid")}",
                "-vconsole:info", "-vsyslog:off")
            { Environment = OvsInstance.EnvironmentOf(directory) }).In(layout.NamespaceOf(place)),
            IsReady = cancellation => UnixSocket.AnswersAsync(Socket, cancellation),
        };
    }

    public Component Server { get; }

    public string Socket { get; }

    /// <summary>How programs on this machine reach it.</summary>
    public string Local => $"unix:{Socket}";

    /// <summary>How other places of the lab reach it.</summary>
    public string Remote { get; }

    public async Task CreateAsync(CancellationToken cancellation = default)
    {
        Command create = _peers.Count == 1 ? new("ovsdb-tool", "create", _file, _schema)
            : _raftAddress == _peers[0] ? new("ovsdb-tool", "create-cluster", _file, _schema, _raftAddress)
            : new("ovsdb-tool", "join-cluster", _file, _databaseName, _raftAddress, _peers[0]);
        await create.RunAsync(cancellation);
        await Server.StartAsync(cancellation);
    }

    private static string Tcp(IPAddress address, int port) => string.Create(CultureInfo.InvariantCulture, $"tcp:{address}:{port}");
}
