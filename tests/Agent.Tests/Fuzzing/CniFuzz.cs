extern alias cni;

using System.Text;
using System.Text.Json;
using Sluice.Agent.Options;
using Sluice.Fuzzing;
using Xunit.Abstractions;
using Plugin = cni::Sluice.Cni.Plugin;

namespace Sluice.Agent.Tests.Fuzzing;

/// <summary>Whatever a container runtime hands over, the plugin answers as the specification says; whatever stands on a command line is read or refused.</summary>
public sealed class CniFuzz(ITestOutputHelper output)
{
    private const int Inputs = 5_000;

    [Fact]
    public void The_plugin_answers_every_configuration_with_a_result_or_an_error()
    {
        string[] configs =
        [
            """{"cniVersion":"1.1.0","name":"net","type":"kube-ovn","server_socket":"/nowhere/agent.sock","provider":"ovn","routes":[{"dst":"10.0.0.0/8","gw":"10.0.0.1"}],"dns":{"nameservers":["10.96.0.10"],"search":["a"]}}""",
            """{"cniVersion":"0.4.0","name":"net","type":"sluice-cni","server_socket":"/nowhere/agent.sock","prevResult":{"cniVersion":"0.4.0","interfaces":[{"name":"eth0","mac":"00:00:00:00:00:01","sandbox":"/x"}],"ips":[{"version":"4","address":"10.0.0.2/24","interface":0}]}}""",
            """{"cniVersion":"1.1.0","name":"net","type":"sluice-cni","server_socket":"/nowhere/agent.sock","cni.dev/valid-attachments":[{"containerID":"abc","ifname":"eth0"}]}""",
        ];
        string[] arguments = ["K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod;IgnoreUnknown=1", "K8S_POD_NAME=a;K8S_POD_NAMESPACE=b;K8S_POD_UID=c"];
        string[] commands = ["ADD", "DEL", "CHECK", "GC", "STATUS", "VERSION"];
        var (inputs, random) = (0, new Random(1));
        foreach (var ((_, config), args) in Fuzz.Bytes(Inputs, configs).Zip(Fuzz.Texts(Inputs, arguments)))
        {
            inputs++;
            var variables = new Dictionary<string, string>
            {
                ["CNI_COMMAND"] = commands[random.Next(commands.Length)],
                ["CNI_CONTAINERID"] = "abc",
                ["CNI_NETNS"] = "/nowhere",
                ["CNI_IFNAME"] = "eth0",
                ["CNI_ARGS"] = random.Next(2) == 0 ? args : arguments[0],
            };

            var (exitCode, answer) = Plugin.Run(variables.GetValueOrDefault, config);

            if (exitCode == 0)
                continue;
            using var error = JsonDocument.Parse(answer);
            error.RootElement.GetProperty("code").GetInt32().ShouldBeGreaterThan(0, Encoding.UTF8.GetString(config));
        }
        output.WriteLine($"figure: {inputs} CNI requests answered as the specification says");
    }

    [Fact]
    public void Flags_are_read_or_refused()
    {
        string[] flags = ["--mtu=1400", "--service-cluster-ip-range=10.96.0.0/12,fd00::/112", "-v=3", "--network-type=geneve", "--pprof-port=10665", "--enable-arp-detect-ip-conflict=false", "--bind-socket=/run/a.sock"];
        var inputs = 0;
        foreach (var text in Fuzz.Texts(Inputs, flags))
        {
            inputs++;
            try
            {
                AgentFlags.Parse(["--node-name=a", text], _ => null);
            }
            catch (FormatException e)
            {
                e.Message.ShouldNotBeEmpty();
            }
        }
        output.WriteLine($"figure: {inputs} flags of the agent read or refused");
    }
}
