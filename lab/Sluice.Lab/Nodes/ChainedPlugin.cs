using System.Text.Json;
using Sluice.Lab.Kubelet;
using Sluice.Lab.Network;

namespace Sluice.Lab.Nodes;

/// <summary>
/// A CNI plugin that comes after the real one (CNI specification 1.0.0, section 4): it passes the result on, and does for a
/// real container runtime what the light one does itself: it remembers the pod's network, so that the lab can enter it.
/// </summary>
internal static class ChainedPlugin
{
    public const string Name = "sluice-lab", Command = "cni";

    /// <summary>Serves one call: the request in variables and on standard input, the result on standard output.</summary>
    /// <param name="node">The node that it is called on.</param>
    public static async Task RunAsync(LabLayout layout, string node, CancellationToken cancellation)
    {
        var store = new SandboxStore(layout.SandboxDirectory);
        switch (Variable("CNI_COMMAND"))
        {
            case "ADD":
                var configuration = await JsonDocument.ParseAsync(Console.OpenStandardInput(), cancellationToken: cancellation);
                var sandbox = Describe(node) with { Result = configuration.RootElement.GetProperty("prevResult") };
                // The switch behind this interface forwards in userspace; a plugin cannot know that, a node's owner does.
                await Link.DisableChecksumOffloadAsync(sandbox.NetworkNamespace, Variable("CNI_IFNAME"), cancellation);
                store.Save(sandbox);
                Console.WriteLine(sandbox.Result.Value.GetRawText());
                break;
            case "DEL":
                store.Remove(Describe(node));
                break;
            case "VERSION":
                Console.WriteLine("""{"cniVersion": "1.0.0", "supportedVersions": ["0.3.1", "0.4.0", "1.0.0"]}""");
                break;
        }
    }

    private static Sandbox Describe(string node)
    {
        var arguments = Variable("CNI_ARGS").Split(';').Select(argument => argument.Split('=', 2)).Where(argument => argument.Length == 2)
            .ToDictionary(argument => argument[0], argument => argument[1]);
        return new Sandbox
        {
            Uid = arguments["K8S_POD_UID"],
            PodNamespace = arguments["K8S_POD_NAMESPACE"],
            PodName = arguments["K8S_POD_NAME"],
            Node = node,
            ContainerId = Variable("CNI_CONTAINERID"),
            NetworkNamespace = Path.GetFileName(Variable("CNI_NETNS")),
        };
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
