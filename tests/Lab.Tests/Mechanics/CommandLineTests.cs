using Sluice.Lab.Processes;

namespace Sluice.Lab.Tests.Mechanics;

/// <summary>The lab's contract, as scripts use it.</summary>
[Collection(BareLabCollection.Name)]
public sealed class CommandLineTests(BareLab fixture)
{
    private readonly LabCluster _lab = fixture.Lab;

    private string Root => _lab.Layout.Root;

    [Fact]
    public async Task Env_prints_what_a_shell_needs() =>
        (await LabAsync("env")).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            $"export LAB='{_lab.Layout.Name}'",
            $"export KUBECONFIG='{Root}/kubernetes/admin.kubeconfig'",
            $"export OVN_NB_DB='unix:{Root}/central/ovnnb_db.sock'",
            $"export OVN_SB_DB='unix:{Root}/central/ovnsb_db.sock'",
            $"export OVN_RUNDIR='{Root}/central'",
        ]);

    [Theory]
    [InlineData("kubectl get namespace default -o name", "namespace/default")]
    [InlineData("nbctl --columns=_uuid --bare list NB_Global", null)]
    [InlineData("sbctl --bare --columns=hostname find Chassis hostname=pc-node-2", "pc-node-2")]
    [InlineData("exec external -- cat /proc/sys/net/ipv4/ip_forward", "1")]
    [InlineData("exec pc-node-3 ip -br addr show br-phy", null)]
    [InlineData("vsctl pc-node-1 port-to-br eth0", "br-phy")]
    [InlineData("ofctl pc-node-1 show br-int", null)]
    [InlineData("appctl pc-node-1 -t ovn-controller connection-status", "connected")]
    public async Task Hands_its_arguments_to_the_tool(string command, string? expected)
    {
        var output = (await LabAsync(command.Split(' '))).Trim();

        if (expected is null)
            output.ShouldNotBeEmpty();
        else
            output.ShouldBe(expected);
    }

    [Fact]
    public async Task A_tool_s_exit_code_is_its_own() =>
        (await Lab("exec", "pc-node-1", "--", "sh", "-c", "exit 7").TryAsync()).ExitCode.ShouldBe(7);

    [Fact]
    public async Task Components_come_and_go()
    {
        var northd = _lab.Component("northd");

        await LabAsync("kill", "northd");
        northd.State.ShouldBe(ComponentState.Stopped);
        await LabAsync("start", "northd");
        northd.State.ShouldBe(ComponentState.Running);
        await LabAsync("pause", "northd");
        await Eventually.HoldsAsync(() => Task.FromResult(northd.State == ComponentState.Paused), () => "northd is not paused");
        await LabAsync("resume", "northd");
        await LabAsync("stop", "northd");
        northd.State.ShouldBe(ComponentState.Stopped);
        (await Lab("status").TryAsync()).ExitCode.ShouldBe(1);
        await LabAsync("start", "northd");

        (await LabAsync("status")).Split('\n').Single(line => line.StartsWith("northd ", StringComparison.Ordinal)).ShouldContain("Running");
        (await LabAsync("logs", "northd")).ShouldContain("ovn-northd lock acquired");
    }

    [Theory]
    [InlineData("kill nothing", "lab: no component 'nothing'; there are etcd, ")]
    [InlineData("vsctl pc-node-9 show", "lab: no node 'pc-node-9'; there are pc-node-1, pc-node-2, pc-node-3")]
    [InlineData("exec nowhere true", "lab: no place 'nowhere' in lab '")]
    [InlineData("exec vpc1/none true", "lab: no pod 'vpc1/none' runs in lab '")]
    [InlineData("exec pc-node-1", "lab: usage: lab exec ")]
    public async Task Says_what_is_wrong(string command, string expected)
    {
        var result = await Lab(command.Split(' ')).TryAsync();

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldStartWith(expected);
    }

    private Task<string> LabAsync(params string[] arguments) => Lab(arguments).RunAsync();

    private Command Lab(params string[] arguments) => new(ProjectFiles.Program("Sluice.Lab", "sluice-lab"), arguments)
    {
        Environment = new Dictionary<string, string>(ProjectFiles.Environment) { ["LAB"] = _lab.Layout.Name },
    };
}
