using Sluice.Agent.Options;

namespace Sluice.Agent.Cni;

/// <summary>Puts the network configuration where container runtimes look for it: at once, and complete, or they would start pods with half of it.</summary>
internal static class CniConfigInstaller
{
    public static async Task InstallAsync(AgentOptions options, CancellationToken ct)
    {
        if (!options.InstallCniConfig)
            return;
        Directory.CreateDirectory(options.CniConfDir);
        var target = Path.Combine(options.CniConfDir, options.CniConfName);
        var temporary = $"{target}.new";
        await File.WriteAllBytesAsync(temporary, await File.ReadAllBytesAsync(options.CniConfFile, ct), ct);
        File.Move(temporary, target, overwrite: true);
    }
}
