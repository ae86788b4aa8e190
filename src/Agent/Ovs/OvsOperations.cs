using Sluice.Ovsdb;

namespace Sluice.Agent.Ovs;

/// <summary>Operations on the local OVS database, as values: nothing here acts.</summary>
internal static class OvsOperations
{
    /// <summary>What a new port and its interface shall be.</summary>
    /// <param name="Type">Of the interface: empty for an interface of the system, <c>internal</c> for one that OVS makes.</param>
    internal sealed record NewPort(string Name, string Type, Value InterfaceIds)
    {
        public Value PortIds { get; init; } = Value.EmptyMap;

        public Value Trunks { get; init; } = Value.EmptySet;

        /// <summary>MAC address and MTU of an internal interface.</summary>
        public string? Mac { get; init; }

        public int? Mtu { get; init; }
    }

    /// <summary>The operations; the first one's result carries the UUID of the Interface.</summary>
    public static IReadOnlyList<Operation> AddPort(OvsBridge bridge, NewPort port) =>
    [
        .. InsertPort(port, "port", "interface"),
        new Mutate("Bridge", [Condition.Uuid(bridge.Uuid)], [new Mutation("ports", Mutator.Insert, Value.Of(Atom.Named("port")))]),
    ];

    /// <summary>Rows that nothing refers to any more vanish by themselves.</summary>
    public static Operation RemovePort(OvsBridge bridge, OvsPort port) =>
        new Mutate("Bridge", [Condition.Uuid(bridge.Uuid)], [new Mutation("ports", Mutator.Delete, Value.Of(port.Uuid))]);

    /// <summary>A bridge with its local port, and a port for a NIC.</summary>
    public static IReadOnlyList<Operation> AddBridge(Row root, string name, string datapathType, Value externalIds, Value otherConfig, NewPort nic) =>
    [
        .. InsertPort(new NewPort(name, "internal", Value.EmptyMap), "local", "local_interface"),
        .. InsertPort(nic, "port", "interface"),
        new Insert(
            "Bridge",
            [
                new("name", Value.Of(name)),
                new("datapath_type", Value.Of(datapathType)),
                new("external_ids", externalIds),
                new("other_config", otherConfig),
                new("ports", Value.Set([Atom.Named("local"), Atom.Named("port")])),
            ],
            "bridge"),
        new Mutate("Open_vSwitch", [Condition.Uuid(root.Uuid)], [new Mutation("bridges", Mutator.Insert, Value.Of(Atom.Named("bridge")))]),
    ];

    public static Operation RemoveBridge(Row root, OvsBridge bridge) =>
        new Mutate("Open_vSwitch", [Condition.Uuid(root.Uuid)], [new Mutation("bridges", Mutator.Delete, Value.Of(bridge.Uuid))]);

    /// <summary>
    /// Sets or, with null, removes a key of a map. Names the old value, so that a change that somebody made meanwhile stays:
    /// it comes back through the replica and is looked at then. Nothing when the value is as wanted.
    /// </summary>
    public static IEnumerable<Operation> SetKey(Row row, string column, string key, string? value)
    {
        var current = row[column].Get(key);
        if (current == value)
            return [];
        var mutations = new List<Mutation>();
        if (current is not null)
            mutations.Add(new Mutation(column, Mutator.Delete, Pair(key, current)));
        if (value is not null)
            mutations.Add(new Mutation(column, Mutator.Insert, Pair(key, value)));
        return [new Mutate(row.Schema.Name, [Condition.Uuid(row.Uuid)], mutations)];
    }

    /// <summary>Sets a column; nothing when it is as wanted.</summary>
    public static IEnumerable<Operation> SetColumn(Row row, string column, Value value) =>
        row[column].Equals(value) ? [] : [new Update(row.Schema.Name, [Condition.Uuid(row.Uuid)], [new(column, value)])];

    public static Value Map(params IEnumerable<(string Key, string Value)> pairs) =>
        Value.Map(pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));

    private static Value Pair(string key, string value) => Map((key, value));

    private static IEnumerable<Operation> InsertPort(NewPort port, string portName, string interfaceName)
    {
        var columns = new List<KeyValuePair<string, Value>>
        {
            new("name", Value.Of(port.Name)),
            new("type", Value.Of(port.Type)),
            new("external_ids", port.InterfaceIds),
        };
        if (port.Mac is not null)
            columns.Add(new("mac", Value.Of(port.Mac)));
        if (port.Mtu is { } mtu)
            columns.Add(new("mtu_request", Value.Of((long)mtu)));
        yield return new Insert("Interface", columns, interfaceName);
        yield return new Insert(
            "Port",
            [
                new("name", Value.Of(port.Name)),
                new("interfaces", Value.Of(Atom.Named(interfaceName))),
                new("external_ids", port.PortIds),
                new("trunks", port.Trunks),
            ],
            portName);
    }
}
