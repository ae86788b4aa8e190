extern alias cni;

using System.Text;
using System.Text.Json;
using Plugin = cni::Sluice.Cni.Plugin;

namespace Sluice.Agent.Tests.Cni;

/// <summary>The plugin against the text of the CNI specification: what it prints, what it asks the agent.</summary>
public sealed class PluginTests
{
    private const string Dual = """
        {"ips":[{"protocol":"IPv4","ip":"192.168.0.2","cidr":"192.168.0.2/24","gateway":"192.168.0.1"},
                {"protocol":"IPv6","ip":"fd00::2","cidr":"fd00::2/64","gateway":"fd00::1"}],
         "mac_address":"00:00:00:0a:dd:27","routes":[{"dst":"0.0.0.0/0","gw":"192.168.0.1"},{"dst":"10.9.0.0/16"}],
         "mtu":1400,"nicname":"eth0","host_nicname":"0123456789ab_h","host_mac_address":"02:00:00:00:00:01","dns":{"search":["a.b"]}}
        """;

    private const string Host = """{"name":"0123456789ab_h","mac":"02:00:00:00:00:01"}""";
    private const string HostWithMtu = """{"name":"0123456789ab_h","mac":"02:00:00:00:00:01","mtu":1400}""";
    private const string Pod = """{"name":"eth0","mac":"00:00:00:0a:dd:27","sandbox":"/run/netns/p"}""";
    private const string PodWithMtu = """{"name":"eth0","mac":"00:00:00:0a:dd:27","mtu":1400,"sandbox":"/run/netns/p"}""";
    private const string Tail = ""","routes":[{"dst":"0.0.0.0/0","gw":"192.168.0.1"},{"dst":"10.9.0.0/16"}],"dns":{"search":["a.b"]}}""";

    private const string FamiliesNamed =
        ""","ips":[{"version":"4","interface":1,"address":"192.168.0.2/24","gateway":"192.168.0.1"},{"version":"6","interface":1,"address":"fd00::2/64","gateway":"fd00::1"}]""";

    private const string FamiliesUnnamed =
        ""","ips":[{"interface":1,"address":"192.168.0.2/24","gateway":"192.168.0.1"},{"interface":1,"address":"fd00::2/64","gateway":"fd00::1"}]""";

    [Theory]
    [InlineData("0.3.1", $$"""{"cniVersion":"0.3.1","interfaces":[{{Host}},{{Pod}}]{{FamiliesNamed}}{{Tail}}""")]
    [InlineData("0.4.0", $$"""{"cniVersion":"0.4.0","interfaces":[{{Host}},{{Pod}}]{{FamiliesNamed}}{{Tail}}""")]
    [InlineData("1.0.0", $$"""{"cniVersion":"1.0.0","interfaces":[{{Host}},{{Pod}}]{{FamiliesUnnamed}}{{Tail}}""")]
    [InlineData("1.1.0", $$"""{"cniVersion":"1.1.0","interfaces":[{{HostWithMtu}},{{PodWithMtu}}]{{FamiliesUnnamed}}{{Tail}}""")]
    public void Add_prints_the_result_of_the_version_asked_for(string version, string expected)
    {
        using var agent = new ScriptedAgent(ScriptedAgent.Answer(200, Dual));
        var (exitCode, output) = Run("ADD", Config(agent.SocketPath, version));
        (exitCode, output).ShouldBe((0, expected));
    }

    [Fact]
    public async Task Add_hands_the_parameters_to_the_agent()
    {
        using var agent = new ScriptedAgent(ScriptedAgent.Answer(200, Dual));
        Run("ADD", Config(agent.SocketPath, "1.1.0", "\"routes\":[{\"dst\":\"10.9.0.0/16\"}],\"dns\":{\"search\":[\"a.b\"]},"));
        (await agent.RequestAsync()).ShouldBe((
            "POST /api/v1/add HTTP/1.1",
            """
            {"cni_type":"sluice-cni","network":"net1","pod_name":"busybox","pod_namespace":"vpc1","pod_uid":"","container_id":"0123456789abcdef","net_ns":"/run/netns/p","if_name":"eth0","provider":"ovn","routes":[{"dst":"10.9.0.0/16"}],"dns":{"search":["a.b"]}}
            """));
    }

    [Theory]
    [InlineData("DEL", "", "POST /api/v1/del HTTP/1.1")]
    [InlineData("STATUS", "", "GET /api/v1/status HTTP/1.1")]
    [InlineData("GC", "\"cni.dev/valid-attachments\":[],", "POST /api/v1/gc HTTP/1.1")]
    [InlineData("CHECK", "\"prevResult\":{},", "POST /api/v1/check HTTP/1.1")]
    public async Task Other_commands_print_nothing_when_they_succeed(string command, string extra, string line)
    {
        using var agent = new ScriptedAgent("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        Run(command, Config(agent.SocketPath, "1.1.0", extra)).ShouldBe((0, ""));
        (await agent.RequestAsync()).Line.ShouldBe(line);
    }

    [Fact]
    public async Task Gc_names_its_network_and_what_is_in_use()
    {
        using var agent = new ScriptedAgent(ScriptedAgent.Answer(204, ""));
        Run("GC", Config(agent.SocketPath, "1.1.0", """ "cni.dev/valid-attachments":[{"containerID":"c1","ifname":"eth0"}],"""));
        (await agent.RequestAsync()).Body.ShouldBe("""{"network":"net1","valid_attachments":[{"containerID":"c1","ifname":"eth0"}]}""");
    }

    [Fact]
    public async Task Check_hands_over_what_the_runtime_remembers_of_this_interface()
    {
        using var agent = new ScriptedAgent(ScriptedAgent.Answer(204, ""));
        var previous = $$"""
            "prevResult":{"cniVersion":"1.0.0","interfaces":[{{Host}},{{Pod}},{"name":"net1","mac":"02:00:00:00:00:09","sandbox":"/run/netns/p"}],
             "ips":[{"interface":1,"address":"192.168.0.2/24","gateway":"192.168.0.1"},{"interface":2,"address":"10.1.0.2/24"}],
             "routes":[{"dst":"0.0.0.0/0","gw":"192.168.0.1"}]},
            """;
        Run("CHECK", Config(agent.SocketPath, "1.0.0", previous));
        using var body = JsonDocument.Parse((await agent.RequestAsync()).Body);
        body.RootElement.GetProperty("expected").GetRawText().ShouldBe(
            """
            {"ips":[{"protocol":"IPv4","ip":"192.168.0.2","cidr":"192.168.0.2/24","gateway":"192.168.0.1"}],"mac_address":"00:00:00:0a:dd:27","routes":[{"dst":"0.0.0.0/0","gw":"192.168.0.1"}],"mtu":0,"nicname":"eth0","host_nicname":"","host_mac_address":""}
            """);
    }

    [Theory]
    [InlineData("", "1.1.0")]
    [InlineData("""{"cniVersion":"0.4.0"}""", "0.4.0")]
    [InlineData("""{"cniVersion":"9.9.9"}""", "9.9.9")]
    public void Version_lists_what_the_plugin_speaks(string input, string version) =>
        Run("VERSION", input).ShouldBe((0, $$"""{"cniVersion":"{{version}}","supportedVersions":["0.3.1","0.4.0","1.0.0","1.1.0"]}"""));

    [Theory]
    [InlineData(500, """{"error":"no such subnet","code":7}""", 7, "no such subnet")]
    [InlineData(500, """{"error":"busy"}""", 11, "busy")]
    [InlineData(502, "<html>", 11, "the agent answered HTTP 502")]
    public void A_refusal_of_the_agent_is_passed_on(int status, string body, int code, string details)
    {
        using var agent = new ScriptedAgent(ScriptedAgent.Answer(status, body));
        Run("ADD", Config(agent.SocketPath, "1.0.0")).ShouldBe((1, $$"""{"cniVersion":"1.0.0","code":{{code}},"msg":"RPC failed","details":"{{details}}"}"""));
    }

    [Theory]
    [InlineData("ADD", 11)]
    [InlineData("DEL", 11)]
    [InlineData("STATUS", 50)]
    public void An_agent_that_is_not_there_means_try_again_later(string command, int code) =>
        Code(Run(command, Config("/nonexistent/agent.sock", "1.1.0"))).ShouldBe(code);

    [Theory]
    [InlineData(6, "ADD", "no json")]
    [InlineData(6, "ADD", "[]")]
    [InlineData(6, "ADD", """{"cniVersion":1}""")]
    [InlineData(1, "ADD", """{"name":"n","type":"sluice-cni","server_socket":"/s"}""")]
    [InlineData(1, "ADD", """{"cniVersion":"0.2.0","name":"n","type":"sluice-cni","server_socket":"/s"}""")]
    [InlineData(1, "CHECK", """{"cniVersion":"0.3.1","name":"n","type":"sluice-cni","server_socket":"/s"}""")]
    [InlineData(1, "GC", """{"cniVersion":"1.0.0","name":"n","type":"sluice-cni","server_socket":"/s"}""")]
    [InlineData(1, "STATUS", """{"cniVersion":"1.0.0","name":"n","type":"sluice-cni","server_socket":"/s"}""")]
    [InlineData(7, "ADD", """{"cniVersion":"1.0.0","name":"","type":"sluice-cni","server_socket":"/s"}""")]
    [InlineData(7, "ADD", """{"cniVersion":"1.0.0","name":"a b","type":"sluice-cni","server_socket":"/s"}""")]
    [InlineData(7, "ADD", """{"cniVersion":"1.0.0","name":"n","type":"macvlan","server_socket":"/s"}""")]
    [InlineData(7, "ADD", """{"cniVersion":"1.0.0","name":"n","type":"kube-ovn"}""")]
    [InlineData(7, "CHECK", """{"cniVersion":"1.0.0","name":"n","type":"kube-ovn","server_socket":"/s"}""")]
    [InlineData(7, "GC", """{"cniVersion":"1.1.0","name":"n","type":"kube-ovn","server_socket":"/s"}""")]
    [InlineData(2, "ADD", """{"cniVersion":"1.0.0","name":"n","type":"kube-ovn","server_socket":"/s","deviceID":"0000:00:01.0"}""")]
    public void A_configuration_that_cannot_be_served_has_its_error_code(int code, string command, string config) =>
        Code(Run(command, config)).ShouldBe(code);

    [Theory]
    [InlineData("CNI_COMMAND", "")]
    [InlineData("CNI_COMMAND", "add")]
    [InlineData("CNI_CONTAINERID", "")]
    [InlineData("CNI_CONTAINERID", "-x")]
    [InlineData("CNI_CONTAINERID", "a/b")]
    [InlineData("CNI_IFNAME", "")]
    [InlineData("CNI_IFNAME", "..")]
    [InlineData("CNI_IFNAME", "eth0:1")]
    [InlineData("CNI_IFNAME", "interface-name-x")]
    [InlineData("CNI_NETNS", "")]
    [InlineData("CNI_ARGS", "K8S_POD_NAME=busybox")]
    [InlineData("CNI_ARGS", "K8S_POD_NAMESPACE")]
    public void A_bad_variable_is_error_4(string variable, string value) =>
        Code(Run("ADD", Config("/s", "1.0.0"), (variable, value))).ShouldBe(4);

    [Fact]
    public void Del_needs_neither_namespace_nor_pod()
    {
        using var agent = new ScriptedAgent(ScriptedAgent.Answer(204, ""));
        Run("DEL", Config(agent.SocketPath, "0.3.1"), ("CNI_NETNS", ""), ("CNI_ARGS", "")).ShouldBe((0, ""));
    }

    private static string Config(string socket, string version, string extra = "") =>
        $$"""{"cniVersion":"{{version}}",{{extra}}"name":"net1","type":"sluice-cni","server_socket":"{{socket}}"}""";

    private static (int ExitCode, string Output) Run(string command, string input, params (string Name, string Value)[] overrides)
    {
        var variables = new Dictionary<string, string>
        {
            ["CNI_COMMAND"] = command,
            ["CNI_CONTAINERID"] = "0123456789abcdef",
            ["CNI_NETNS"] = "/run/netns/p",
            ["CNI_IFNAME"] = "eth0",
            ["CNI_ARGS"] = "IgnoreUnknown=1;K8S_POD_NAME=busybox;K8S_POD_NAMESPACE=vpc1",
        };
        foreach (var (name, value) in overrides)
            variables[name] = value;
        var (exitCode, output) = Plugin.Run(variables.GetValueOrDefault, Encoding.UTF8.GetBytes(input));
        return (exitCode, Encoding.UTF8.GetString(output));
    }

    private static int Code((int ExitCode, string Output) result)
    {
        result.ExitCode.ShouldBe(1);
        using var error = JsonDocument.Parse(result.Output);
        error.RootElement.GetProperty("msg").GetString().ShouldNotBeNullOrEmpty();
        return error.RootElement.GetProperty("code").GetInt32();
    }
}
