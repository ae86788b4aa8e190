namespace Sluice.Ko.Processes;

/// <summary>Runs programs.</summary>
public interface IProcesses
{
    /// <summary>Runs a program to its end and returns its exit code. Its standard error is always ours.</summary>
    /// <param name="input">What it reads; null for our own standard input.</param>
    /// <param name="output">Where its output goes; null for our own standard output.</param>
    /// <exception cref="KoException">There is no such program.</exception>
    Task<int> RunAsync(Invocation invocation, Stream? input, Stream? output, CancellationToken cancellation);
}
