using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Lab.Processes;

namespace Sluice.Lab.Containerd;

/// <summary>
/// A container image with Debian's static busybox in it and nothing else, as an archive of the form that <c>docker save</c>
/// writes (Docker Image Specification 1.2), so that no registry is needed.
/// </summary>
internal static class BusyboxImage
{
    /// <summary>What the image is called: pods say <c>busybox</c>, containerd keeps one for the sandboxes themselves.</summary>
    public static readonly string[] Names = ["docker.io/library/busybox:latest", PauseName];

    /// <summary>Keeps a pod's namespaces.</summary>
    public const string PauseName = "lab.local/pause:1";

    private const string Busybox = "/bin/busybox";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Writes the archive.</summary>
    public static async Task WriteAsync(string file, CancellationToken cancellation)
    {
        var layer = await LayerAsync(cancellation);
        var configuration = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["architecture"] = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64",
            ["os"] = "linux",
            ["config"] = new JsonObject { ["Env"] = new JsonArray("PATH=/bin"), ["Cmd"] = new JsonArray("sleep", "infinity") },
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray($"sha256:{Digest(layer)}") },
        }.ToJsonString());
        var manifest = new JsonArray(new JsonObject
        {
            ["Config"] = $"{Digest(configuration)}.json",
            ["RepoTags"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]),
            ["Layers"] = new JsonArray("layer.tar"),
        });

        await using var stream = File.Create(file);
        await using var archive = new TarWriter(stream, TarEntryFormat.Ustar);
        await AddAsync(archive, "layer.tar", layer, cancellation);
        await AddAsync(archive, $"{Digest(configuration)}.json", configuration, cancellation);
        await AddAsync(archive, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()), cancellation);
    }

    private static async Task<byte[]> LayerAsync(CancellationToken cancellation)
    {
        var applets = (await new Command(Busybox, "--list").RunAsync(cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        using var layer = new MemoryStream();
        await using (var tar = new TarWriter(layer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var folder in new[] { "bin/", "etc/", "tmp/" })
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = Executable }, cancellation);
            await AddAsync(tar, "bin/busybox", await File.ReadAllBytesAsync(Busybox, cancellation), cancellation);
            foreach (var applet in applets.Where(applet => applet != "busybox"))
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox", Mode = Executable }, cancellation);
        }
        return layer.ToArray();
    }

    private static Task AddAsync(TarWriter tar, string name, byte[] content, CancellationToken cancellation) =>
        tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, name) { Mode = Executable, DataStream = new MemoryStream(content) }, cancellation);

    private static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
