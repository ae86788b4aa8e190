using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Api;
using Sluice.Plan.Addressing;

namespace Sluice.Plan.Vpcs;

/// <summary>
/// Reads the ConfigMap of the external gateway. A value that can not work is reported, and the one that was in use before stays: a slip in
/// an edit does not take down what works. So that this survives a restart, the values in use are stored at the Vpc.
/// </summary>
public sealed class ExternalGatewayReader
{
    /// <summary>On the default Vpc: the values of the ConfigMap that are in use, as JSON.</summary>
    public const string AcceptedAnnotation = "ovn.kubernetes.io/external-gw-accepted";

    private readonly IReadOnlyDictionary<string, string> _data;
    private readonly IReadOnlyDictionary<string, string>? _before;
    private readonly SubnetAddresses? _addresses;
    private readonly Func<string, bool> _nodeExists;
    private readonly Func<IEnumerable<string>> _allNodes;
    private readonly Func<string, string?> _bridgeErrorOf;
    private readonly string _network;
    private readonly JsonObject _accepted = [];
    private readonly List<Refusal> _problems = [];
    private Refusal? _refusal;

    private ExternalGatewayReader(ExternalGatewayInput input)
    {
        _data = input.Data!;
        _before = Parse(input.Accepted);
        (_nodeExists, _allNodes, _bridgeErrorOf) = (input.NodeExists, input.AllNodes, input.BridgeErrorOf);
        _network = input.Network;
        _addresses = input.Subnet is not null && SubnetAddresses.TryRead(input.Subnet.Spec, out var addresses, out _) ? addresses : null;
    }

    /// <summary>What the ConfigMap asks for; null when there is none or it is switched off.</summary>
    public static ExternalGateway? Read(ExternalGatewayInput input) =>
        input.Data is null || input.Data.GetValueOrDefault(ExternalGatewayConfig.Enable)?.Trim() == "false"
            ? null
            : new ExternalGatewayReader(input).Read(input.Subnet is null);

    private ExternalGateway Read(bool isBare)
    {
        var type = Accept(ExternalGatewayConfig.Type, CheckType);
        var distributed = type == GatewayTypes.Distributed;
        var nodes = distributed ? null : AcceptNodes();
        var nic = Accept(ExternalGatewayConfig.NicIp, text => CheckNic(text, isBare), isNeeded: true);
        Interfaces(nic, out var addresses, out var networks);
        var gateway = Accept(ExternalGatewayConfig.Address, text => CheckGateway(text, isBare ? networks : default), isNeeded: true);
        Interfaces(gateway, out var nextHops, out _);
        var mac = Accept(ExternalGatewayConfig.NicMac, CheckMac, isNeeded: true);
        if (isBare)
        {
            if (nic is null) Need(ExternalGatewayConfig.NicIp);
            if (gateway is null) Need(ExternalGatewayConfig.Address);
        }

        foreach (var node in Names(nodes).Where(node => !_nodeExists(node)))
            Report(ExternalGatewayConfig.Nodes, NoNode(node));
        ReportBridges(distributed ? _allNodes() : Names(nodes).Where(_nodeExists));
        return new()
        {
            IsDistributed = distributed,
            Nodes = Names(nodes).ToValueList(),
            NextHops = nextHops,
            NicAddresses = addresses,
            NicNetworks = networks,
            NicMac = MacAddress.TryParse(mac, out var parsed) ? parsed : null,
            Problems = _problems.Distinct().ToValueList(),
            Refusal = _refusal,
            Accepted = _refusal is null || _before is not null ? _accepted.ToJsonString() : null,
        };
    }

    /// <summary>The value of a key, if it is fine, else the one that was in use before, if that is.</summary>
    /// <param name="check">What is wrong with a value; null when it is fine.</param>
    /// <param name="isNeeded">Whether there is no going on without the value that was meant.</param>
    private string? Accept(string key, Func<string, string?> check, bool isNeeded = false)
    {
        var value = _data.GetValueOrDefault(key)?.Trim();
        if (string.IsNullOrEmpty(value)) return null;

        if (check(value) is { } problem)
        {
            Report(key, problem);
            value = _before?.GetValueOrDefault(key);
            if (value is null || check(value) is not null)
            {
                // What works without such a value goes on without it.
                if (isNeeded && (_before is null || value is not null)) _refusal ??= _problems[^1];
                return null;
            }
        }
        _accepted[key] = value;
        return value;
    }

    /// <summary>
    /// The nodes in use. A list that is emptied would leave every VPC on the network without a gateway; to switch it off there is another key.
    /// </summary>
    private string? AcceptNodes()
    {
        const string Key = ExternalGatewayConfig.Nodes;
        if (Names(_data.GetValueOrDefault(Key)).Any() || _before?.GetValueOrDefault(Key) is not { Length: > 0 } before)
            return Accept(Key, CheckNodes);
        Report(Key, $"names no node; {before} stay gateways");
        _accepted[Key] = before;
        return before;
    }

    /// <summary>Where all nodes are gateways, all of them may lack the same.</summary>
    private void ReportBridges(IEnumerable<string> nodes)
    {
        const int Named = 3;
        var errors =
            from node in nodes.Order(StringComparer.Ordinal)
            let error = _bridgeErrorOf(node)
            where !string.IsNullOrEmpty(error)
            group $"\"{node}\"" by error;
        foreach (var error in errors)
        {
            var names = string.Join(", ", error.Take(Named)) + (error.Count() > Named ? $" and {error.Count() - Named} more" : "");
            Report(ExternalGatewayConfig.Nic, $"node {names}: {error.Key}");
        }
    }

    private void Report(string key, string problem) =>
        _problems.Add(new(Reasons.InvalidGatewayConfig, $"ConfigMap {ExternalGatewayConfig.Name}, {key}: {problem}"));

    private void Need(string key)
    {
        if (!string.IsNullOrEmpty(_data.GetValueOrDefault(key))) return;
        Report(key, $"needed, because there is no Subnet \"{_network}\"");
        _refusal ??= _problems[^1];
    }

    private static string? CheckType(string text) =>
        text is GatewayTypes.Centralized or GatewayTypes.Distributed ? null : $"\"{text}\" is not centralized or distributed";

    // Of several nodes some may well be missing.
    private string? CheckNodes(string text) => Names(text).Any(_nodeExists) ? null : NoNode(string.Join(", ", Names(text)));

    private static string NoNode(string name) => $"there is no node \"{name}\"";

    private static string? CheckMac(string text) =>
        MacAddress.TryParse(text, out var mac) && mac.IsUnicast ? null : $"\"{text}\" is not the MAC address of an interface";

    private string? CheckNic(string text, bool isBare)
    {
        if (!Interfaces(text, out var addresses, out var networks)) return $"\"{text}\" is not ADDRESS/LENGTH";
        foreach (var address in addresses.ToArray())
        {
            if (isBare && networks[address.Family] is null) return $"{address} needs a prefix length";
            if (networks[address.Family] is { } network && !network.Usable.Contains(address))
            {
                return $"{address} is not a host address of {network}";
            }
            if (!isBare && OutOfSubnet(address) is { } problem) return problem;
            if (_addresses?.Gateways[address.Family] == address) return $"{address} is the gateway of Subnet \"{_network}\"";
        }
        return null;
    }

    private string? CheckGateway(string text, DualStack<Cidr> networks)
    {
        if (!Interfaces(text, out var addresses, out _)) return $"\"{text}\" is not an address";
        foreach (var address in addresses.ToArray())
        {
            if (networks[address.Family] is { } network && !network.Usable.Contains(address))
            {
                return $"{address} is not a host address of {network}, the network of {ExternalGatewayConfig.NicIp}";
            }
            if (OutOfSubnet(address) is { } problem) return problem;
        }
        return null;
    }

    private string? OutOfSubnet(IpAddress address) =>
        _addresses is null || (_addresses.Cidrs[address.Family] is { } cidr && cidr.Usable.Contains(address))
            ? null
            : $"{address} is not a host address of Subnet \"{_network}\" ({_addresses.Cidrs})";

    /// <summary>Reads one address, or two of different family joined by a comma, each with or without prefix length.</summary>
    private static bool Interfaces(string? text, out DualStack<IpAddress> addresses, out DualStack<Cidr> networks)
    {
        (addresses, networks) = (default, default);
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var isInterface = Cidr.TryParse(part, out var network);
            if (!IpAddress.TryParse(isInterface ? part[..part.IndexOf('/', StringComparison.Ordinal)] : part, out var address)) return false;
            if (addresses[address.Family] is not null) return false;
            addresses = addresses.With(address);
            if (isInterface) networks = networks.With(network);
        }
        return true;
    }

    private static IEnumerable<string> Names(string? text) =>
        (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal);

    /// <summary>What was accepted before; null when nothing was, or somebody else has edited it.</summary>
    private static Dictionary<string, string>? Parse(string? accepted)
    {
        if (string.IsNullOrEmpty(accepted)) return null;
        var before = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(accepted);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (member.Value.ValueKind == JsonValueKind.String) before[member.Name] = member.Value.GetString()!;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        return before;
    }
}

/// <summary>All that the meaning of the ConfigMap depends on.</summary>
/// <param name="Data">Of the ConfigMap; null when there is none.</param>
/// <param name="Accepted">The annotation <see cref="ExternalGatewayReader.AcceptedAnnotation"/> of the default Vpc.</param>
/// <param name="Network">Name of the default external network.</param>
/// <param name="Subnet">The Subnet of that name; null when there is none.</param>
/// <param name="NodeExists">Whether there is a node of a name.</param>
/// <param name="AllNodes">The names of all nodes; asked for only where all of them are gateways.</param>
/// <param name="BridgeErrorOf">Why a node has no working bridge into the network, as its agent says; null when it says nothing.</param>
public sealed record ExternalGatewayInput(
    IReadOnlyDictionary<string, string>? Data,
    string? Accepted,
    string Network,
    Subnet? Subnet,
    Func<string, bool> NodeExists,
    Func<IEnumerable<string>> AllNodes,
    Func<string, string?> BridgeErrorOf);
