using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Ovn.Model;
using Sluice.Ovn.Southbound;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>A replica of what the southbound database says about chassis and gateway ports, or about all ports. We write nothing there.</summary>
public sealed class SouthboundDatabase : IAsyncDisposable
{
    private const string Database = "OVN_Southbound";

    private static readonly ImmutableArray<TableModel> Tables =
        [Southbound.Chassis.Model, ChassisPrivate.Model, Encap.Model, PortBinding.Model, Bfd.Model];

    /// <summary>Those of a router's ports that are on one of several chassis are few.</summary>
    private static readonly FrozenDictionary<string, IReadOnlyList<Condition>> GatewayPorts = new Dictionary<string, IReadOnlyList<Condition>>
    {
        [PortBinding.Model.Name] = [Condition.Equal("type", Value.Of(SouthboundSnapshot.ChassisRedirect))],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly OvsdbClient _client;
    private SouthboundSnapshot? _current;

    /// <param name="ports">
    /// Whether all port bindings are replicated. They are as many as ports: only who asks for them pays.
    /// </param>
    public SouthboundDatabase(
        OvnDatabaseOptions options, ILogger<SouthboundDatabase>? logger = null, TimeProvider? time = null, bool ports = false)
    {
        var replica = options.For(Database, ReplicaLayout.Monitor(Tables), ReplicaLayout.Keys(Tables));
        _client = new(ports ? replica : replica with { Where = GatewayPorts }, logger, time);
        _client.Replica.Changed += OnChanged;
        _client.ConnectionChanged += connected => ConnectionChanged?.Invoke(connected);
    }

    /// <summary>Chassis with these names came, went or changed. Raised on the read loop; a handler only takes note.</summary>
    public event Action<IReadOnlySet<string>>? ChassisChanged;

    /// <summary>
    /// Chassis with these names have newer changes in their flows, see <see cref="SouthboundSnapshot.ReachedBy"/>. Raised as
    /// <see cref="ChassisChanged"/> is.
    /// </summary>
    public event Action<IReadOnlySet<string>>? ChassisCaughtUp;

    /// <summary>
    /// Gateway ports of routers with these names came, went or moved to another chassis, or BFD sessions of theirs did. Raised as
    /// <see cref="ChassisChanged"/> is.
    /// </summary>
    public event Action<IReadOnlySet<string>>? GatewayPortsChanged;

    /// <summary>Says that the connection came into sync (true) or was lost.</summary>
    public event Action<bool>? ConnectionChanged;

    public bool IsConnected => _client.IsConnected;

    /// <summary>The newest view; that of the last connection while there is none.</summary>
    /// <exception cref="InvalidOperationException">There never was a connection.</exception>
    public SouthboundSnapshot Current => Volatile.Read(ref _current) ?? throw new InvalidOperationException("Not connected yet");

    /// <inheritdoc cref="NorthboundDatabase.StartAsync"/>
    public Task StartAsync(CancellationToken cancellationToken) => _client.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private void OnChanged(ReplicaDelta delta)
    {
        var binding = _current?.Binding is { } bound && bound.Fits(delta.After) ? bound : SchemaBinding.Of(Tables, delta.After);
        Volatile.Write(ref _current, new(delta.After, binding));
        if (ChassisChanged is { } chassisChanged && NamesIn(delta, Southbound.Chassis.Model, "name") is { Count: > 0 } chassis)
            chassisChanged(chassis);
        if (ChassisCaughtUp is { } caughtUp && NamesIn(delta, ChassisPrivate.Model, "name") is { Count: > 0 } privates)
            caughtUp(privates);
        if (GatewayPortsChanged is not { } portsChanged) return;

        var ports = NamesIn(delta, PortBinding.Model, "logical_port").Select(SouthboundSnapshot.RouterPortOf).ToHashSet(StringComparer.Ordinal);
        ports.UnionWith(NamesIn(delta, Bfd.Model, "logical_port"));
        if (ports.Count > 0)
            portsChanged(ports);
    }

    /// <summary>What changed rows of a table have in a column, before and after.</summary>
    private static HashSet<string> NamesIn(ReplicaDelta delta, TableModel table, string column)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in delta.Changes.Where(change => change.Table == table.Name))
        {
            foreach (var row in (Row?[])[change.Old, change.New])
            {
                if (row is not null)
                    names.Add(row[column].AsString());
            }
        }
        return names;
    }
}
