using System.Net;
using System.Security.Cryptography;
using Sluice.Lab.Processes;

namespace Sluice.Lab.ControlPlane;

/// <summary>
/// A real API server for a test: etcd and kube-apiserver on a loopback address of their own, in a temporary directory.
/// Disposing it kills the processes and deletes the directory.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly string _directory;

    private ApiServer(string directory, KubernetesControlPlane controlPlane)
    {
        _directory = directory;
        ControlPlane = controlPlane;
    }

    /// <summary>The processes behind it, for tests that kill, pause or restart them.</summary>
    public KubernetesControlPlane ControlPlane { get; }

    public Uri Url => ControlPlane.Url;

    /// <summary>The kubeconfig of a cluster administrator.</summary>
    public string KubeConfig => ControlPlane.AdminKubeConfig;

    /// <param name="controllerManager">
    /// Whether kube-controller-manager runs too; without it a deleted namespace stays and nothing is garbage collected.
    /// </param>
    public static async Task<ApiServer> StartAsync(bool controllerManager = false, CancellationToken cancellation = default)
    {
        var directory = Directory.CreateTempSubdirectory("sluice-api-").FullName;
        var server = new ApiServer(directory, new KubernetesControlPlane(new ControlPlaneOptions
        {
            Directory = directory,
            Address = RandomLoopback(),
            ControllerManager = controllerManager,
        }));
        try
        {
            await server.ControlPlane.CreateCredentialsAsync(cancellation);
            await server.ControlPlane.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A kubeconfig for another identity: RBAC decides what it may do.</summary>
    public Task<string> CreateKubeConfigAsync(string user, params string[] groups) =>
        ControlPlane.CreateKubeConfigAsync(user.Replace(':', '-'), user, groups);

    /// <summary>Runs kubectl as administrator and returns what it printed.</summary>
    public Task<string> KubectlAsync(params string[] arguments) =>
        new Command("kubectl", ["--kubeconfig", KubeConfig, .. arguments]).RunAsync();

    public async ValueTask DisposeAsync()
    {
        await ControlPlane.KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    // All of 127.0.0.0/8 is this machine. An address of one's own lets every server keep its usual port without
    // ever meeting another one.
    private static IPAddress RandomLoopback() =>
        new([127, (byte)RandomNumberGenerator.GetInt32(1, 255), (byte)RandomNumberGenerator.GetInt32(0, 256), (byte)RandomNumberGenerator.GetInt32(1, 255)]);
}
