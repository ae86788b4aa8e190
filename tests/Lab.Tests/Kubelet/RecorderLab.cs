using Sluice.Lab.Tests.Mechanics;

namespace Sluice.Lab.Tests.Kubelet;

/// <summary>A lab of one node whose CNI plugin only keeps a record of its calls, and refuses when told to.</summary>
public sealed class RecorderLab : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-cni-").FullName;

    public LabCluster Lab { get; private set; } = null!;

    /// <summary>One line per call.</summary>
    public string Calls => Path.Combine(_directory, "calls");

    /// <summary>The plugin refuses while this file exists.</summary>
    public string Refuse => Path.Combine(_directory, "refuse");

    public async Task InitializeAsync()
    {
        var plugin = Path.Combine(_directory, "recorder");
        await File.WriteAllTextAsync(plugin,
            $$"""
            #!/bin/sh
            grep -q '"cniVersion":"1.0.0"' || exit 2
            echo "$CNI_COMMAND $CNI_IFNAME $CNI_ARGS" | sed 's/K8S_POD_INFRA.*//' >>{{Calls}}
            if [ -e {{Refuse}} ]; then echo '{"code": 11, "msg": "try again later"}'; exit 1; fi
            if [ "$CNI_COMMAND" = ADD ]; then
              nsenter --net=$CNI_NETNS ip link add eth0 type veth peer name peer
              echo '{"cniVersion": "1.0.0", "ips": [{"address": "192.168.0.2/24"}, {"address": "fd00::2/64"}]}'
            fi
            """);
        File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Lab = await BareLab.UpAsync(new LabOptions { Name = BareLab.NewName(), Nodes = 1, Without = ["controller", "agent"], CniPlugin = plugin });
    }

    public async Task DisposeAsync()
    {
        await LabCluster.DownAsync(Lab.Layout.Name);
        Directory.Delete(_directory, recursive: true);
    }
}
