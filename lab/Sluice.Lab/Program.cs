using Sluice.Lab;
using Sluice.Lab.Cli;
using Sluice.Lab.Processes;

try
{
    return PassThrough.TryGet(args, out var run)
        ? await run()
        : await LabCommandLine.Create().Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is LabException or CommandException or ComponentException or ArgumentException)
{
    await Console.Error.WriteLineAsync($"lab: {e.Message}");
    return 1;
}
