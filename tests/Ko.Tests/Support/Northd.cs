using System.Diagnostics;

namespace Sluice.Ko.Tests.Support;

/// <summary>A real <c>ovn-northd</c> between two databases.</summary>
internal sealed class Northd : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-northd-").FullName;
    private readonly Process _process;

    public Northd(string northbound, string southbound) => _process = Process.Start("ovn-northd",
    [
        $"--ovnnb-db={northbound}", $"--ovnsb-db={southbound}", "--no-chdir", $"--unixctl={Path.Combine(_folder, "ctl")}", "--verbose=off",
    ]);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
