using System.Text;

namespace Sluice.Ko.Processes;

/// <summary>The ways in which programs are run.</summary>
public static class ProcessesExtensions
{
    /// <summary>Gives the program our terminal and returns its exit code.</summary>
    public static Task<int> PassThroughAsync(this IProcesses processes, Invocation invocation, CancellationToken cancellation) =>
        processes.RunAsync(invocation, null, null, cancellation);

    /// <summary>Returns what the program prints.</summary>
    /// <exception cref="KoException">It ended with another exit code than 0.</exception>
    public static async Task<string> ReadAsync(this IProcesses processes, Invocation invocation, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        var code = await processes.RunAsync(invocation, Stream.Null, output, cancellation);
        return code == 0
            ? Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length)
            : throw new KoException($"exit code {code}: {invocation}");
    }

    /// <summary>Writes what the program prints to a file; a file of a program that failed is removed.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> SaveAsync(this IProcesses processes, Invocation invocation, string file, CancellationToken cancellation)
    {
        int code;
        await using (var output = File.Create(file))
            code = await processes.RunAsync(invocation, Stream.Null, output, cancellation);
        if (code != 0)
            File.Delete(file);
        return code;
    }
}
