using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Controller.Tests.Support;

/// <summary>The controller as a process of its own.</summary>
internal static class ControllerProgram
{
    public static Process Start(params string[] arguments)
    {
        var assembly = typeof(ControllerHost).Assembly.Location;
        return Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardError = true })!;
    }

    /// <param name="signal">A name that kill(1) knows, such as <c>STOP</c>.</param>
    public static async Task SignalAsync(Process program, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{program.Id}"]);
        await kill.WaitForExitAsync();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
