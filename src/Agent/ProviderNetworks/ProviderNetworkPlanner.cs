using System.Collections.Immutable;
using System.Globalization;
using Sluice.Agent.Netlink;
using Sluice.Agent.Ovs;
using Sluice.Api;
using Sluice.Ovsdb;
using Sluice.Plan;
using Sluice.Plan.Addressing;
using Networks = Sluice.Plan.ProviderNetworks.ProviderNetworkPlan;
using ProviderNetworkEdit = Sluice.Plan.ProviderNetworks.ProviderNetworkEdit;

namespace Sluice.Agent.ProviderNetworks;

/// <summary>Decides what a provider network needs on this node. Pure: links, database and objects go in, a plan comes out.</summary>
internal sealed class ProviderNetworkPlanner
{
    private const int MaxInterfaceName = 15;

    private readonly ProviderNetworkInput _input;
    private readonly OvsSnapshot _ovs;
    private readonly Row _root;
    private readonly ImmutableArray<OvsBridge> _bridges;

    private ProviderNetworkPlanner(ProviderNetworkInput input, Row root)
    {
        _input = input;
        _ovs = input.Ovs;
        _root = root;
        _bridges = [.. _ovs.Bridges.Where(bridge => NetworkOf(_ovs, bridge) == input.Name)];
    }

    private string DefaultBridgeName => Names.ProviderBridge(_input.Name);

    private NameMap Exchanged => NameMap.Parse(_ovs.ExternalId(OvsIds.ExchangedLinks));

    /// <summary>The next steps; null while OVS is not initialised.</summary>
    public static ProviderNetworkPlan? For(ProviderNetworkInput input) =>
        input.Ovs.Root is { } root ? new ProviderNetworkPlanner(input, root).Plan() : null;

    /// <summary>The provider network that a bridge was made for; null for a bridge that is not ours.</summary>
    public static string? NetworkOf(OvsSnapshot ovs, OvsBridge bridge)
    {
        if (!bridge.IsOurs)
            return null;
        return bridge.ExternalIds.Get(OvsIds.ProviderNetwork)
            ?? NameMap.Parse(ovs.ExternalId(OvsIds.BridgeMappings)).Entries.Where(entry => entry.Value == bridge.Name).Select(entry => entry.Key).FirstOrDefault()
            ?? (bridge.Name.StartsWith("br-", StringComparison.Ordinal) ? bridge.Name[3..] : null);
    }

    /// <summary>Whether subnets of which nobody knows the Vlan any more are on the network here.</summary>
    private bool HasAdrift => _bridges.Any(bridge =>
        _ovs.PortsOf(bridge).Any(port => port.ExternalIds.Get(OvsIds.LocalnetPort) is { } localnet && _input.Adrift.Contains(localnet)));

    private bool IsInUse => _input.VlanIds.Count > 0 || HasAdrift;

    /// <summary>
    /// Nothing is taken away for want of an object while others rest on it. The controller takes its finalizer off when nothing does any more:
    /// until then a ProviderNetwork that is being deleted is like any other.
    /// </summary>
    private ProviderNetworkPlan Plan()
    {
        if (_input.Network is not { } network)
            return IsInUse ? Keep($"ProviderNetwork {_input.Name} does not exist, but others use it") : TearDown(_bridges, new ProviderNetworkPlan.NodeReport());
        if (network.Metadata.IsDeleting && !network.Metadata.IsHeld() && !IsInUse)
            return TearDown(_bridges, new ProviderNetworkPlan.NodeReport());
        if (network.Spec.NodeSelector is not null && _input.Node is null)
            return Keep($"spec.nodeSelector: there is no Node {_input.NodeName} yet");
        if (!Networks.Includes(network, _input.NodeName, _input.Node?.Metadata.Labels))
            return TearDown(_bridges, new ProviderNetworkPlan.NodeReport(Excluded: true));
        if (ProviderNetworkEdit.NicOf(network.Spec, _input.NodeName) is not { Length: > 0 } nic)
            return Keep("spec.defaultInterface: names no interface");

        var exchange = network.Spec.ExchangeLinkName ?? false;
        var (bridgeName, nicName) = exchange ? (nic, DefaultBridgeName) : (DefaultBridgeName, nic);
        var watched = ImmutableArray.Create(bridgeName, nicName);

        // A bridge of another name, from before the object changed, has to be gone first; but not for a NIC that is not there.
        var former = _bridges.Where(bridge => bridge.Name != bridgeName).ToImmutableArray();
        if (!former.IsEmpty && _input.Link(nic) is null && Exchanged[_input.Name] != nic)
            return Keep($"interface {nic} does not exist") with { Watched = watched };
        if (!former.IsEmpty || (!exchange && Exchanged[_input.Name] is not null))
            return TearDown(former, new ProviderNetworkPlan.NodeReport()) with { Watched = watched };
        if (Refusal(bridgeName, nicName, exchange) is { } error)
            return Keep(error) with { Watched = watched };
        if (exchange && _input.Link(nicName) is null)
            return ExchangeNames(nic, nicName) with { Watched = watched };
        return SetUp(bridgeName, _input.Link(nicName)!, exchange) with { Watched = watched };
    }

    /// <summary>Leaves everything as it is, and says of it what is true: what worked before still does.</summary>
    /// <param name="error">Why it is not as it should be.</param>
    private ProviderNetworkPlan Keep(string error) => new() { Report = Standing(), Error = error };

    /// <summary>What the bridge of the network, if there is one, does for it.</summary>
    private ProviderNetworkPlan.NodeReport Standing()
    {
        foreach (var bridge in _bridges.Where(bridge => _input.Link(bridge.Name) is not null && Mappings[_input.Name] == bridge.Name))
        {
            if (NicPorts(bridge).Select(port => _input.Link(port.Name)).FirstOrDefault(link => link is not null) is { } nic)
            {
                var isExchanged = bridge.ExternalIds.Get(OvsIds.ExchangeLinkName) == "true";
                return new ProviderNetworkPlan.NodeReport(Ready: true, isExchanged ? bridge.Name : nic.Name, nic.Mtu);
            }
        }
        return new ProviderNetworkPlan.NodeReport();
    }

    /// <summary>Why it can not be done; null when it can.</summary>
    private string? Refusal(string bridgeName, string nicName, bool exchange)
    {
        if (DefaultBridgeName.Length > MaxInterfaceName)
            return $"the name of the bridge, {DefaultBridgeName}, is longer than {MaxInterfaceName} characters";
        if (_ovs.Bridge(bridgeName) is { } bridge && NetworkOf(_ovs, bridge) is var owner && owner != _input.Name)
            return owner is null ? $"bridge {bridgeName} exists and was not made by this agent" : $"bridge {bridgeName} belongs to provider network {owner}";
        var nic = _input.Link(nicName) ?? (exchange ? _input.Link(bridgeName) : null);
        if (nic is null)
            return $"interface {(exchange ? bridgeName : nicName)} does not exist";
        if (_ovs.Bridge(nic.Name) is not null)
            return $"interface {nic.Name} is a bridge itself";
        if (_ovs.Port(nic.Name) is { } port && _ovs.BridgeOf(port) is { } holder && NetworkOf(_ovs, holder) != _input.Name)
            return $"interface {nic.Name} is a port of bridge {holder.Name} already";
        return null;
    }

    /// <summary>The bridge is to have the NIC's name. That is written down first, so that the NIC gets it back whatever happens.</summary>
    private ProviderNetworkPlan ExchangeNames(string nic, string newName) => new()
    {
        Remember = [.. RememberName(nic)],
        Rename = new ProviderNetworkPlan.LinkRename(nic, newName, []),
        Report = new ProviderNetworkPlan.NodeReport(),
    };

    private ProviderNetworkPlan SetUp(string bridgeName, LinkEntry nic, bool exchange)
    {
        var operations = new List<Operation>();
        var giveBack = new List<ProviderNetworkPlan.LinkMove>();
        var setDown = new List<string>();
        if (_ovs.Bridge(bridgeName) is { } bridge)
        {
            operations.AddRange(Update(bridge, nic, exchange));
            foreach (var other in NicPorts(bridge).Where(port => port.Name != nic.Name))
            {
                giveBack.Add(new ProviderNetworkPlan.LinkMove(bridgeName, other.Name));
                operations.Add(OvsOperations.RemovePort(bridge, other));
                AddIfWasDown(setDown, other);
            }
        }
        else
        {
            operations.AddRange(OvsOperations.AddBridge(
                _root, bridgeName, _ovs.DatapathType, OvsOperations.Map(BridgeIds(exchange)), OvsOperations.Map(BridgeConfig(nic)), NicPort(nic)));
        }
        if (exchange)
            operations.AddRange(RememberName(bridgeName));
        operations.AddRange(SetRootMap(OvsIds.BridgeMappings, Mappings.With(_input.Name, bridgeName)));
        operations.AddRange(SetRootMap(OvsIds.ChassisMacMappings, ChassisMacs()));

        // The bridge's interface is ovs-vswitchd's to make.
        var isBridgeThere = _ovs.Bridge(bridgeName) is not null && _input.Link(bridgeName) is not null;
        return new ProviderNetworkPlan
        {
            GiveBack = [.. giveBack],
            Operations = [.. operations],
            SetDown = [.. setDown],
            SetUp = isBridgeThere ? [.. DownLinks(nic.Name, bridgeName)] : [],
            Take = isBridgeThere ? new ProviderNetworkPlan.LinkMove(nic.Name, bridgeName) : null,
            Report = isBridgeThere
                ? new ProviderNetworkPlan.NodeReport(Ready: true, exchange ? bridgeName : nic.Name, nic.Mtu)
                : new ProviderNetworkPlan.NodeReport(),
        };
    }

    private ProviderNetworkPlan TearDown(ImmutableArray<OvsBridge> bridges, ProviderNetworkPlan.NodeReport report)
    {
        var operations = new List<Operation>();
        var setDown = new List<string>();
        foreach (var bridge in bridges)
        {
            operations.Add(OvsOperations.RemoveBridge(_root, bridge));
            if (bridge.ExternalIds.Get(OvsIds.ExchangeLinkName) == "true")
                operations.AddRange(RememberName(bridge.Name));
            foreach (var port in NicPorts(bridge))
                AddIfWasDown(setDown, port);
        }
        operations.AddRange(SetRootMap(OvsIds.BridgeMappings, Mappings.Without(_input.Name)));
        operations.AddRange(SetRootMap(OvsIds.ChassisMacMappings, MacMappings.Without(_input.Name)));
        return new ProviderNetworkPlan
        {
            GiveBack = [.. bridges.SelectMany(bridge => NicPorts(bridge).Select(port => new ProviderNetworkPlan.LinkMove(bridge.Name, port.Name)))],
            Operations = [.. operations],
            SetDown = [.. setDown],
            Rename = bridges.IsEmpty ? GiveNameBack() : null,
            Watched = Exchanged[_input.Name] is { } name ? [name, DefaultBridgeName] : [],
            Report = report,
        };
    }

    /// <summary>A NIC that lends its name to a bridge.</summary>
    private IEnumerable<Operation> RememberName(string nic) => SetRootMap(OvsIds.ExchangedLinks, Exchanged.With(_input.Name, nic));

    /// <summary>Once the interface of the bridge that had the NIC's name is gone.</summary>
    private ProviderNetworkPlan.LinkRename? GiveNameBack()
    {
        if (Exchanged[_input.Name] is not { } name)
            return null;
        var mustWait = _input.Link(name) is not null && _input.Link(DefaultBridgeName) is not null;
        return mustWait
            ? null
            : new ProviderNetworkPlan.LinkRename(DefaultBridgeName, name, [.. SetRootMap(OvsIds.ExchangedLinks, Exchanged.Without(_input.Name))]);
    }

    /// <summary>
    /// With a MAC address of the chassis, ovn-controller hides that of a router's port which is on several nodes at once. A gateway port is on
    /// one at a time, and there it must not be hidden, or switches do not learn where the port went. ovn-controller 23.03 does hide it until
    /// it computes its flows anew when the port moves to a chassis that lives already: so there is an address only where one is needed.
    /// </summary>
    private NameMap ChassisMacs() => _input.HasDistributedRouter || (HasAdrift && MacMappings[_input.Name] is not null)
        ? MacMappings.With(_input.Name, MacMappings[_input.Name] ?? ChassisMac())
        : MacMappings.Without(_input.Name);

    private NameMap Mappings => NameMap.Parse(_ovs.ExternalId(OvsIds.BridgeMappings));

    private NameMap MacMappings => NameMap.Parse(_ovs.ExternalId(OvsIds.ChassisMacMappings));

    private IEnumerable<Operation> Update(OvsBridge bridge, LinkEntry nic, bool exchange)
    {
        foreach (var (key, value) in BridgeIds(exchange))
        {
            foreach (var operation in OvsOperations.SetKey(bridge.Row, "external_ids", key, value))
                yield return operation;
        }
        foreach (var (key, value) in BridgeConfig(nic))
        {
            foreach (var operation in OvsOperations.SetKey(bridge.Row, "other_config", key, value))
                yield return operation;
        }
        var present = _ovs.PortsOf(bridge).Where(port => port.Name == nic.Name).ToList();
        if (present is [var found])
        {
            foreach (var operation in OvsOperations.SetColumn(found.Row, "trunks", Trunks))
                yield return operation;
            foreach (var operation in OvsOperations.SetKey(found.Row, "external_ids", OvsIds.Vendor, OvsIds.KubeOvn))
                yield return operation;
        }
        else
        {
            foreach (var operation in OvsOperations.AddPort(bridge, NicPort(nic)))
                yield return operation;
        }
    }

    private IEnumerable<(string Key, string Value)> BridgeIds(bool exchange) =>
    [
        (OvsIds.Vendor, OvsIds.KubeOvn),
        (OvsIds.ProviderNetwork, _input.Name),
        (OvsIds.ExchangeLinkName, exchange ? "true" : "false"),
    ];

    private IEnumerable<(string Key, string Value)> BridgeConfig(LinkEntry nic)
    {
        if (nic.Mac is { } mac)
            yield return ("hwaddr", mac.ToString());
        if (_input.MacLearningFallback)
            yield return ("mac-learning-fallback", "true");
    }

    private OvsOperations.NewPort NicPort(LinkEntry nic) => new(nic.Name, "", Value.EmptyMap)
    {
        PortIds = OvsOperations.Map(nic.IsUp
            ? [(OvsIds.Vendor, OvsIds.KubeOvn)]
            : [(OvsIds.Vendor, OvsIds.KubeOvn), (OvsIds.WasDown, "true")]),
        Trunks = Trunks,
    };

    /// <summary>Untagged frames, which are VLAN 0 to OVS, and those of the network's VLANs. No tag goes while it may be that of a Vlan that is not known.</summary>
    private Value Trunks
    {
        get
        {
            var tags = _input.VlanIds.Where(id => id is > 0 and < 4096).Append(0).Select(id => Atom.Of((long)id));
            return Value.Set(HasAdrift ? tags.Concat(_bridges.SelectMany(NicPorts).SelectMany(port => port.Trunks.Keys.ToArray())) : tags);
        }
    }

    /// <summary>What was put into a bridge as its NIC; not what ovn-controller put there.</summary>
    private IEnumerable<OvsPort> NicPorts(OvsBridge bridge) => _ovs.PortsOf(bridge).Where(port => port.IsOurs && port.Name != bridge.Name);

    private static void AddIfWasDown(List<string> links, OvsPort port)
    {
        if (port.ExternalIds.Get(OvsIds.WasDown) is not null)
            links.Add(port.Name);
    }

    private IEnumerable<string> DownLinks(params IEnumerable<string> names) => names.Where(name => _input.Link(name) is { IsUp: false });

    private IEnumerable<Operation> SetRootMap(string key, NameMap map) => OvsOperations.SetKey(_root, "external_ids", key, map.ToText());

    /// <summary>The MAC that this chassis sends with instead of a distributed router's; has to differ between chassis and stay the same on one.</summary>
    private string ChassisMac() =>
        MacAddress.Generate(_ovs.SystemId ?? _input.NodeName, string.Create(CultureInfo.InvariantCulture, $"provider-network {_input.Name}")).ToString();
}
