using Sluice.ModelGen;

// Writes the table models of src/Ovn from the pinned schemas. Run it by `make generate`, from the root of the repository.
var root = args.Length > 0 ? args[0] : Directory.GetCurrentDirectory();
var ovn = Path.Combine(root, "src", "Ovn");
if (!Directory.Exists(Path.Combine(ovn, "schemas")))
{
    await Console.Error.WriteLineAsync($"modelgen: {ovn}/schemas does not exist; run from the root of the repository.");
    return 1;
}

ModelWriter.WriteAll(ovn, "ovn-nb", "Northbound", Northbound.Tables);
ModelWriter.WriteAll(ovn, "ovn-sb", "Southbound", Southbound.Tables);
return 0;
