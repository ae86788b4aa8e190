using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Sluice.Agent.Netlink;

/// <summary>
/// A network namespace, and work inside it. A thread that entered another namespace must never serve anybody else, so each piece
/// of work there has a thread of its own, which ends with it. Sockets opened there stay there and may be used from anywhere.
/// </summary>
internal sealed class NetworkNamespace
{
    private const string OwnPath = "/proc/self/ns/net";

    private NetworkNamespace(string path) => Path = path;

    /// <summary>The namespace of this process.</summary>
    public static NetworkNamespace Own { get; } = new(OwnPath);

    /// <summary>A file that stands for the namespace, as in <c>CNI_NETNS</c>.</summary>
    public string Path { get; }

    /// <summary>Whether there is a namespace: the name of one that was deleted may be left as an empty file.</summary>
    public unsafe bool Exists
    {
        get
        {
            const nuint NamespaceType = 0xb703;
            try
            {
                using var file = Open();
                return NativeMethods.Ioctl(file, NamespaceType, null) == NativeMethods.CloneNewnet;
            }
            catch (NamespaceGoneException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether the calling thread is in the namespace of its process.</summary>
    public static bool IsCurrentOwn => CurrentId == new FileInfo(OwnPath).LinkTarget;

    /// <summary>What tells the namespace of the calling thread from all others that there are, as <c>/proc/PID/ns/net</c> says it.</summary>
    public static string? CurrentId => new FileInfo("/proc/thread-self/ns/net").LinkTarget;

    public static NetworkNamespace At(string path) => new(path);

    /// <param name="work">Short and synchronous; runs with its thread's sockets and <c>/proc/sys/net</c> in this namespace.</param>
    /// <exception cref="NamespaceGoneException">There is no such namespace.</exception>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        if (Path == OwnPath)
            return Task.FromResult(work());
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                result.SetResult(work());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        })
        {
            IsBackground = true,
            Name = "netns",
        };
        thread.Start();
        return result.Task;
    }

    /// <inheritdoc cref="RunAsync{T}"/>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <summary>Opens the file that stands for the namespace; it keeps the namespace alive.</summary>
    /// <exception cref="NamespaceGoneException">There is no such file.</exception>
    public SafeFileHandle Open()
    {
        try
        {
            return File.OpenHandle(Path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NamespaceGoneException(Path, e);
        }
    }

    public override string ToString() => Path;

    private void Enter()
    {
        const int InvalidArgument = 22;
        using var file = Open();
        if (NativeMethods.SetNamespace(file, NativeMethods.CloneNewnet) == 0)
            return;
        var errno = Marshal.GetLastPInvokeError();
        throw errno == InvalidArgument ? new NamespaceGoneException(Path, inner: null) : new NetlinkException($"enter network namespace {Path}", errno);
    }
}
