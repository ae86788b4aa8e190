using Sluice.CrdGen;

// Writes the custom resource definitions of src/Api to deploy/crds. Run it by `make generate`, from the root of the repository.
var root = args.Length > 0 ? args[0] : Directory.GetCurrentDirectory();
if (!File.Exists(Path.Combine(root, "Sluice.slnx")))
{
    await Console.Error.WriteLineAsync($"crdgen: {root} is not the root of the repository.");
    return 1;
}

var folder = Path.Combine(root, "deploy", "crds");
Directory.CreateDirectory(folder);
foreach (var stale in Directory.EnumerateFiles(folder, "*.yaml").Where(file => !Definitions.All.ContainsKey(Path.GetFileName(file)))) File.Delete(stale);
foreach (var (name, yaml) in Definitions.All) await File.WriteAllTextAsync(Path.Combine(folder, name), yaml);
return 0;
