using System.Text.Json;
using Sluice.Cni.Wire;

namespace Sluice.Cni;

/// <summary>The CNI protocol: from environment and standard input to standard output and exit code.</summary>
internal static class Plugin
{
    /// <param name="variable">Looks an environment variable up.</param>
    /// <param name="input">All of standard input.</param>
    /// <returns>The exit code and what to print.</returns>
    public static (int ExitCode, byte[] Output) Run(Func<string, string?> variable, ReadOnlyMemory<byte> input)
    {
        try
        {
            var environment = CniEnvironment.Read(variable);
            if (environment.Command == "VERSION")
                return (0, ResultWriter.Versions(NetworkConfig.VersionOf(input) ?? SpecVersion.Latest.Text));
            var config = NetworkConfig.Parse(input, environment);
            return (0, Dispatch(environment, config));
        }
        catch (CniException e)
        {
            return (1, ResultWriter.Failed(NetworkConfig.VersionOf(input) ?? SpecVersion.Latest.Text, e));
        }
    }

    private static byte[] Dispatch(CniEnvironment environment, NetworkConfig config)
    {
        var agent = new AgentClient(config.ServerSocket);
        return environment.Command switch
        {
            "ADD" => Add(agent, environment, config),
            "DEL" => Post(agent, WirePaths.Del, Request(environment, config)),
            "CHECK" => Check(agent, environment, config),
            "GC" => CollectGarbage(agent, config),
            "STATUS" => Status(agent),
            _ => throw new CniException(CniErrorCode.InvalidEnvironment, "invalid environment variables", "CNI_COMMAND"),
        };
    }

    private static byte[] Add(AgentClient agent, CniEnvironment environment, NetworkConfig config)
    {
        var answer = agent.Post(WirePaths.Add, Request(environment, config), WireJson.Default.AttachmentRequest);
        AttachmentResult? result;
        try
        {
            result = JsonSerializer.Deserialize(answer, WireJson.Default.AttachmentResult);
        }
        catch (JsonException e)
        {
            throw new CniException(CniErrorCode.Decoding, "failed to decode the agent's answer", e.Message);
        }
        return ResultWriter.Added(
            config.Version,
            result ?? throw new CniException(CniErrorCode.Decoding, "failed to decode the agent's answer", "it is null"),
            environment.NetNs);
    }

    private static byte[] Check(AgentClient agent, CniEnvironment environment, NetworkConfig config)
    {
        var expected = config.Previous
            ?? throw new CniException(CniErrorCode.InvalidNetworkConfig, "invalid network configuration", "prevResult is missing");
        return Post(agent, WirePaths.Check, Request(environment, config) with { Expected = expected });
    }

    private static byte[] CollectGarbage(AgentClient agent, NetworkConfig config)
    {
        // Without a list everything would be garbage; a runtime that sends none has not asked for that.
        var valid = config.ValidAttachments
            ?? throw new CniException(CniErrorCode.InvalidNetworkConfig, "invalid network configuration", "cni.dev/valid-attachments is missing");
        return agent.Post(WirePaths.Gc, new GcRequest { Network = config.Name, ValidAttachments = valid }, WireJson.Default.GcRequest);
    }

    private static byte[] Status(AgentClient agent)
    {
        try
        {
            return agent.Get(WirePaths.Status);
        }
        catch (CniException e) when (e.Code != CniErrorCode.NotAvailable)
        {
            throw new CniException(CniErrorCode.NotAvailable, "plugin not available", e.Details);
        }
    }

    private static byte[] Post(AgentClient agent, string path, AttachmentRequest request) =>
        agent.Post(path, request, WireJson.Default.AttachmentRequest);

    private static AttachmentRequest Request(CniEnvironment environment, NetworkConfig config) => new()
    {
        CniType = config.Type,
        Network = config.Name,
        PodName = environment.PodName,
        PodNamespace = environment.PodNamespace,
        PodUid = environment.PodUid,
        ContainerId = environment.ContainerId,
        NetNs = environment.NetNs,
        IfName = environment.IfName,
        Provider = config.Provider,
        Routes = config.Routes.Count == 0 ? null : config.Routes,
        Dns = config.Dns,
    };
}
