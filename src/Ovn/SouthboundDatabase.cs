using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Sluice.Ovn.Model;
using Sluice.Ovn.Southbound;
using Sluice.Ovsdb;

namespace Sluice.Ovn;

/// <summary>A replica of what the southbound database says about chassis, or also about ports. We write nothing there.</summary>
public sealed class SouthboundDatabase : IAsyncDisposable
{
    private const string Database = "OVN_Southbound";

    private static readonly ImmutableArray<TableModel> ChassisTables = [Southbound.Chassis.Model, ChassisPrivate.Model, Encap.Model];
    private static readonly ImmutableArray<TableModel> PortTables = [PortBinding.Model, Bfd.Model];

    private readonly ImmutableArray<TableModel> _tables;
    private readonly OvsdbClient _client;
    private SouthboundSnapshot? _current;

    /// <param name="ports">
    /// Whether port bindings and BFD sessions are replicated, too. Port bindings are as many as ports: only who asks for them pays.
    /// </param>
    public SouthboundDatabase(
        OvnDatabaseOptions options, ILogger<SouthboundDatabase>? logger = null, TimeProvider? time = null, bool ports = false)
    {
        _tables = ports ? [.. ChassisTables, .. PortTables] : ChassisTables;
        _client = new(options.For(Database, ReplicaLayout.Monitor(_tables), ReplicaLayout.Keys(_tables)), logger, time);
        _client.Replica.Changed += OnChanged;
        _client.ConnectionChanged += connected => ConnectionChanged?.Invoke(connected);
    }

    /// <summary>Chassis with these names came, went or changed. Raised on the read loop; a handler only takes note.</summary>
    public event Action<IReadOnlySet<string>>? ChassisChanged;

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
        var binding = _current?.Binding is { } bound && bound.Fits(delta.After) ? bound : SchemaBinding.Of(_tables, delta.After);
        Volatile.Write(ref _current, new(delta.After, binding));
        if (ChassisChanged is not { } changed)
            return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var change in delta.Changes.Where(change => change.Table == Southbound.Chassis.Model.Name))
        {
            foreach (var row in (Row?[])[change.Old, change.New])
            {
                if (row is not null)
                    names.Add(row["name"].AsString());
            }
        }
        if (names.Count > 0)
            changed(names);
    }
}
