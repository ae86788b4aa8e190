using System.Diagnostics;
using Sluice.Ko.Processes;

namespace Sluice.Ko.Backends;

/// <summary>A way to a port of a pod through the API server: <c>kubectl port-forward</c>, which runs until this is disposed.</summary>
public sealed class PortForward : IDatabaseLink
{
    private readonly Process _process;

    private PortForward(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <exception cref="KoException">kubectl ended; it has said why.</exception>
    public static async Task<PortForward> OpenAsync(Invocation forward, CancellationToken cancellation)
    {
        var process = SystemProcesses.Start(forward, redirectInput: false, redirectOutput: true);
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (ParseAddress(line) is { } address)
                return new(process, address);
        }
        process.Dispose();
        throw new KoException($"no way to the database: {forward}");
    }

    /// <summary>The address in <c>Forwarding from 127.0.0.1:40123 -&gt; 6641</c>; null in another line.</summary>
    internal static string? ParseAddress(string line)
    {
        const string Start = "Forwarding from ";
        return line.StartsWith(Start, StringComparison.Ordinal) && line.IndexOf(" ->", StringComparison.Ordinal) is > 0 and var end
            ? $"tcp:{line[Start.Length..end]}"
            : null;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
