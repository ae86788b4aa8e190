using System.Text.Json;
using Sluice.Kube;

namespace Sluice.Lab.Kubelet;

/// <summary>The sandboxes that exist, one file each, so that they outlive the kubelet and can be entered by name.</summary>
internal sealed class SandboxStore(string directory)
{
    /// <summary>All sandboxes of a pod's name; more than one while a pod of that name replaces another.</summary>
    public IReadOnlyList<Sandbox> Of(ObjectKey pod) => [.. All().Where(sandbox => sandbox.Pod == pod)];

    public IEnumerable<Sandbox> All() => Directory.Exists(directory)
        ? Directory.EnumerateFiles(directory, "*.json").Select(Read).OfType<Sandbox>()
        : [];

    public void Save(Sandbox sandbox)
    {
        Directory.CreateDirectory(directory);
        var file = FileOf(sandbox);
        File.WriteAllText($"{file}.new", JsonSerializer.Serialize(sandbox, LabJson.Default.Sandbox));
        File.Move($"{file}.new", file, overwrite: true);
    }

    public void Remove(Sandbox sandbox) => File.Delete(FileOf(sandbox));

    private string FileOf(Sandbox sandbox) => Path.Combine(directory, $"{sandbox.Uid}.json");

    private static Sandbox? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), LabJson.Default.Sandbox);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
