using Sluice.Ko.Cli;
using Sluice.Ko.Tests.Support;

namespace Sluice.Ko.Tests.PassThroughs;

/// <summary>What is started for a command on a cluster, argument by argument.</summary>
public sealed class ClusterPassThroughTests
{
    private readonly RecordingProcesses _processes = new RecordingProcesses()
        .Answer("ovn-nb-leader=true", "central-1")
        .Answer("ovn-sb-leader=true", "central-2")
        .Answer("app=ovn-central", "central-1 central-2")
        .Answer("-l app=ovs", "ovs-7")
        .Answer("-l app=kube-ovn-cni", "cni-7")
        .Answer("find Interface", "iface-id=web.shop pod_netns=/var/run/netns/cni-1234 vendor=kube-ovn\n");

    [Theory]
    [InlineData("nbctl", "central-1", "ovn-nbctl")]
    [InlineData("sbctl", "central-2", "ovn-sbctl")]
    public async Task A_database_tool_runs_in_the_leaders_pod(string verb, string pod, string tool)
    {
        await RunAsync(verb, "--format=json", "show");

        Last().ShouldBe(["kubectl", "exec", "-n", "kube-system", pod, "-c", "ovn-central", "--", tool, "--format=json", "show"]);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("set NAT x external_ids:a=\"b c\"")]
    [InlineData("$(reboot); `id` && echo 'x' \\ \" *")]
    [InlineData("")]
    [InlineData("--")]
    [InlineData("@response-file")]
    [InlineData("ip4.dst == 10.0.0.1 && tcp")]
    public async Task An_argument_reaches_the_tool_as_it_was_written(string argument)
    {
        await RunAsync("nbctl", "find", argument, "last");

        Last()[^3..].ShouldBe(["find", argument, "last"]);
    }

    [Theory]
    [InlineData("vsctl", "ovs-vsctl")]
    [InlineData("ofctl", "ovs-ofctl")]
    [InlineData("dpctl", "ovs-dpctl")]
    [InlineData("appctl", "ovs-appctl")]
    public async Task A_tool_of_a_node_runs_in_the_switchs_pod_there(string verb, string tool)
    {
        await RunAsync(verb, "node-7", "show", "-v");

        _processes.Started[0].ToString().ShouldContain("--field-selector=spec.nodeName=node-7");
        Last().ShouldBe(["kubectl", "exec", "-n", "kube-system", "ovs-7", "-c", "openvswitch", "--", tool, "show", "-v"]);
    }

    [Fact]
    public async Task Tcpdump_runs_in_the_network_of_the_pod()
    {
        _processes.Answer("get pod -n shop web", "node-7 ");

        await RunAsync("tcpdump", "shop/web", "-c", "5", "tcp port 80");

        Last().ShouldBe(
        [
            "kubectl", "exec", "-n", "kube-system", "cni-7", "-c", "cni-server", "--",
            "nsenter", "--net=/var/run/netns/cni-1234", "--", "tcpdump", "-nn", "-i", "eth0", "-c", "5", "tcp port 80",
        ]);
    }

    [Fact]
    public async Task Tcpdump_on_a_pod_of_the_hosts_network_runs_beside_its_switch()
    {
        _processes.Answer("get pod -n default agent", "node-7 true");

        await RunAsync("tcpdump", "agent");

        Last().ShouldBe(["kubectl", "exec", "-n", "kube-system", "ovs-7", "-c", "openvswitch", "--", "tcpdump", "-nn", "-i", "eth0"]);
    }

    [Fact]
    public async Task The_exit_code_is_the_tools()
    {
        _processes.Answer("ovn-nbctl fail", "", exitCode: 42);

        (await RunAsync("nbctl", "fail")).ShouldBe(42);
    }

    [Fact]
    public async Task Without_a_leader_the_message_names_the_label()
    {
        var processes = new RecordingProcesses();

        var failure = await Should.ThrowAsync<KoException>(() => new KoProgram(processes, Environment(), TextWriter.Null).RunAsync(["nbctl", "show"]));

        failure.Message.ShouldBe("no pod in namespace kube-system has the label ovn-nb-leader=true");
    }

    [Fact]
    public async Task The_namespace_of_ovn_can_be_another_one()
    {
        var environment = new Dictionary<string, string> { ["KUBE_OVN_NS"] = "ovn" };

        await new KoProgram(_processes, environment, TextWriter.Null).RunAsync(["nbctl", "show"]);

        Last()[..4].ShouldBe(["kubectl", "exec", "-n", "ovn"]);
    }

    [Fact]
    public async Task A_member_is_kicked_through_the_leader()
    {
        (await RunAsync("sb", "kick", "5d3b")).ShouldBe(0);

        Last()[^5..].ShouldBe(["-t", "/var/run/ovn/ovnsb_db.ctl", "cluster/kick", "OVN_Southbound", "5d3b"]);
    }

    [Fact]
    public async Task The_storage_of_every_member_is_asked_for_and_the_worst_exit_code_wins()
    {
        _processes.Answer("exec -n kube-system central-1", "", exitCode: 3);
        using var output = new StringWriter();

        (await new KoProgram(_processes, Environment(), output).RunAsync(["nb", "dbstatus"])).ShouldBe(3);

        output.ToString().ShouldBe("central-1:\ncentral-2:\n");
    }

    [Fact]
    public async Task A_backup_is_fed_to_the_running_database()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "OVSDB JSON");

            (await RunAsync("nb", "restore", file)).ShouldBe(0);

            var command = Last().ToList();
            command[..10].ShouldBe(["kubectl", "exec", "-i", "-n", "kube-system", "central-1", "-c", "ovn-central", "--", "sh"]);
            command[11].ShouldContain("""ovsdb-client restore "$@" """);
            command[13..].ShouldBe(["unix:/var/run/ovn/ovnnb_db.sock", "OVN_Northbound"]);
            _processes.Input.ShouldBe("OVSDB JSON");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Dictionary<string, string> Environment() => new(StringComparer.Ordinal);

    private Task<int> RunAsync(params string[] arguments) => new KoProgram(_processes, Environment(), TextWriter.Null).RunAsync(arguments);

    private string[] Last() => [_processes.Started[^1].Program, .. _processes.Started[^1].Arguments];
}
