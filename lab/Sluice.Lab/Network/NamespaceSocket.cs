using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Network;

/// <summary>Sockets that live in another network namespace than this process.</summary>
public static partial class NamespaceSocket
{
    private const int NewNetwork = 0x40000000;

    /// <summary>A socket of a namespace; it stays one, whichever thread uses it.</summary>
    public static Task<Socket> CreateAsync(string networkNamespace, AddressFamily family, SocketType type, ProtocolType protocol)
    {
        var created = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread moves to the namespace and ends there: those of the pool belong to everybody.
        new Thread(() =>
        {
            try
            {
                using var handle = File.OpenHandle(NetworkNamespaces.PathOf(networkNamespace));
                if (SetNamespace(handle, NewNetwork) != 0)
                    throw new SocketException(Marshal.GetLastPInvokeError());
                created.SetResult(new Socket(family, type, protocol));
            }
            catch (Exception e)
            {
                created.SetException(e);
            }
        })
        { IsBackground = true }.Start();
        return created.Task;
    }

    /// <summary>What a server of a namespace answers to a GET; null when it refuses or is not there.</summary>
    public static async Task<string?> GetAsync(string networkNamespace, int port, string path, CancellationToken cancellation = default)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = (_, stop) => ConnectAsync(networkNamespace, new IPEndPoint(IPAddress.Loopback, port), stop) };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            return await http.GetStringAsync(new UriBuilder("http", "localhost", port, path).Uri, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or FileNotFoundException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string networkNamespace, IPEndPoint server, CancellationToken cancellation)
    {
        var socket = await CreateAsync(networkNamespace, server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle descriptor, int type);
}
