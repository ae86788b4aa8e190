using Sluice.Ko.Backends;
using Sluice.Ko.Cli;
using Sluice.Ko.Tests.Support;

namespace Sluice.Ko.Tests.PassThroughs;

/// <summary>What is started for a command on a lab.</summary>
public sealed class LabPassThroughTests
{
    private const string Exports =
        """
        export LAB='a'
        export KUBECONFIG='/run/sluice-lab/a/kubernetes/admin.conf'
        export OVN_NB_DB='unix:/run/sluice-lab/a/central/ovnnb_db.sock'
        export OVN_SB_DB='unix:/run/sluice-lab/a/central/ovnsb_db.sock'
        export OVN_RUNDIR='/run/sluice-lab/a/central'
        """;

    private static readonly Dictionary<string, string> OnlyTheName = new() { ["LAB"] = "a" };

    private readonly RecordingProcesses _processes = new RecordingProcesses().Answer("lab env", Exports);

    [Fact]
    public async Task A_database_tool_runs_here_and_is_told_where_the_database_is()
    {
        await RunAsync("nbctl", "lr-nat-list", "vpc 1");

        Last().ShouldBe(["ovn-nbctl", "lr-nat-list", "vpc 1"]);
        _processes.Started[^1].Environment["OVN_NB_DB"].ShouldBe("unix:/run/sluice-lab/a/central/ovnnb_db.sock");
    }

    [Fact]
    public async Task A_tool_of_a_node_is_the_labs_affair()
    {
        await RunAsync("vsctl", "pc-node-1", "list", "Interface");

        Last()[1..].ShouldBe(["vsctl", "pc-node-1", "list", "Interface"]);
        Last()[0].ShouldEndWith("lab/lab");
    }

    [Fact]
    public async Task The_datapath_is_asked_through_the_switch_that_it_is_in()
    {
        await RunAsync("dpctl", "pc-node-1", "dump-conntrack", "-m");

        Last()[1..].ShouldBe(["appctl", "pc-node-1", "dpctl/dump-conntrack", "-m"]);
    }

    [Fact]
    public async Task Tcpdump_runs_in_the_namespace_of_the_pod()
    {
        await RunAsync("tcpdump", "shop/web", "icmp");

        Last()[1..].ShouldBe(["exec", "shop/web", "--", "tcpdump", "-nn", "-i", "eth0", "icmp"]);
    }

    [Fact]
    public async Task A_shell_that_has_the_labs_variables_need_not_ask_for_them()
    {
        var environment = LabBackend.ParseEnvironment(Exports);

        await new KoProgram(_processes, environment, TextWriter.Null).RunAsync(["sbctl", "show"]);

        _processes.Started.Count.ShouldBe(1);
    }

    private Task<int> RunAsync(params string[] arguments) => new KoProgram(_processes, OnlyTheName, TextWriter.Null).RunAsync(arguments);

    private string[] Last() => [_processes.Started[^1].Program, .. _processes.Started[^1].Arguments];
}
