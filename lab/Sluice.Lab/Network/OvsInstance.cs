using Sluice.Lab.Processes;

namespace Sluice.Lab.Network;

/// <summary>An Open vSwitch of its own, in the namespace and directory of one place, forwarding in userspace.</summary>
public sealed class OvsInstance
{
    private const string Schema = "/usr/share/openvswitch/vswitch.ovsschema";

    private readonly string _directory;
    private readonly string _database;

    public OvsInstance(LabLayout layout, string place)
    {
        _directory = layout.DirectoryOf(place);
        _database = Path.Combine(_directory, "conf.db");
        Environment = EnvironmentOf(_directory);
        var networkNamespace = layout.NamespaceOf(place);
        Server = new Component
        {
            Name = "ovsdb-server",
            Node = place,
            Directory = _directory,
            Command = (new Command("ovsdb-server", _database, $"--remote=punix:{Socket}", "--pidfile", "-vconsole:info", "-vsyslog:off") { Environment = Environment }).In(networkNamespace),
            IsReady = cancellation => UnixSocket.AnswersAsync(Socket, cancellation),
        };
        Switch = new Component
        {
            Name = "ovs-vswitchd",
            Node = place,
            Directory = _directory,
            Command = (new Command("ovs-vswitchd", Remote, "--pidfile", "-vconsole:info", "-vsyslog:off") { Environment = Environment }).In(networkNamespace),
        };
    }

    /// <summary>The database server.</summary>
    public Component Server { get; }

    /// <summary>The switch itself.</summary>
    public Component Switch { get; }

    public string Socket => Path.Combine(_directory, "db.sock");

    /// <summary>The database, as OVSDB clients write it.</summary>
    public string Remote => $"unix:{Socket}";

    /// <summary>Variables that make the tools of OVS and OVN find the daemons of this directory.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public static IReadOnlyDictionary<string, string> EnvironmentOf(string directory) => new Dictionary<string, string>
    {
        ["OVS_RUNDIR"] = directory,
        ["OVS_DBDIR"] = directory,
        ["OVS_LOGDIR"] = directory,
        ["OVN_RUNDIR"] = directory,
        ["OVN_DBDIR"] = directory,
        ["OVN_LOGDIR"] = directory,
    };

    /// <summary>Creates an empty database and starts the daemons.</summary>
    public async Task CreateAsync(CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(_directory);
        await new Command("ovsdb-tool", "create", _database, Schema).RunAsync(cancellation);
        await Server.StartAsync(cancellation);
        await Vsctl("--no-wait", "init").RunAsync(cancellation);
        await Switch.StartAsync(cancellation);
    }

    public Command Vsctl(params IReadOnlyList<string> arguments) => new("ovs-vsctl", [$"--db={Remote}", .. arguments]);

    public Command Ofctl(params IReadOnlyList<string> arguments) => new("ovs-ofctl", arguments) { Environment = Environment };

    public Command Appctl(params IReadOnlyList<string> arguments) => new("ovs-appctl", arguments) { Environment = Environment };
}
