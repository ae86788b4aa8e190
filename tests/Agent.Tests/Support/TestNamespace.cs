using Sluice.Agent.Netlink;
using Sluice.Lab.Processes;

namespace Sluice.Agent.Tests.Support;

/// <summary>A private network namespace with its loopback interface up; gone when disposed.</summary>
internal sealed class TestNamespace : IAsyncDisposable
{
    private TestNamespace(string name)
    {
        Name = name;
        Network = NetworkNamespace.At(NetworkNamespaces.PathOf(name));
    }

    public string Name { get; }

    public NetworkNamespace Network { get; }

    public static async Task<TestNamespace> CreateAsync(string? name = null)
    {
        name ??= $"sluice-agent-test-{Guid.NewGuid():N}"[..30];
        await NetworkNamespaces.CreateAsync(name);
        return new TestNamespace(name);
    }

    /// <summary>Runs <c>ip</c> here and returns what it prints.</summary>
    public Task<string> IpAsync(params string[] arguments) => new Command("ip", ["-n", Name, .. arguments]).RunAsync();

    /// <summary>Runs a command line of <c>ip</c> here; words are separated by blanks.</summary>
    public Task<string> IpAsync(string commandLine) => IpAsync(commandLine.Split(' '));

    /// <summary>Runs a program here and returns what it prints.</summary>
    public Task<string> RunAsync(string program, params string[] arguments) => new Command(program, arguments).In(Name).RunAsync();

    public async ValueTask DisposeAsync()
    {
        if (!NetworkNamespaces.Exists(Name))
            return;
        await NetworkNamespaces.KillProcessesAsync(Name);
        await NetworkNamespaces.DeleteAsync(Name);
    }
}
