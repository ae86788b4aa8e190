using System.Text;
using Sluice.Ko.Processes;

namespace Sluice.Ko.Tests.Support;

/// <summary>Starts nothing: remembers what should have been started, and answers as it was told.</summary>
internal sealed class RecordingProcesses : IProcesses
{
    private readonly List<(Func<Invocation, bool> Applies, int ExitCode, string Output)> _answers = [];

    /// <summary>Everything that was asked for, in its order.</summary>
    public List<Invocation> Started { get; } = [];

    /// <summary>What was given to the last program that read from us.</summary>
    public string? Input { get; private set; }

    /// <summary>Sets what programs print and return whose command line contains <paramref name="part"/>.</summary>
    public RecordingProcesses Answer(string part, string output, int exitCode = 0)
    {
        _answers.Add((invocation => invocation.ToString().Contains(part, StringComparison.Ordinal), exitCode, output));
        return this;
    }

    public async Task<int> RunAsync(Invocation invocation, Stream? input, Stream? output, CancellationToken cancellation)
    {
        Started.Add(invocation);
        if (input is not null)
            Input = await new StreamReader(input).ReadToEndAsync(cancellation);
        var (_, code, text) = _answers.FirstOrDefault(answer => answer.Applies(invocation));
        if (output is not null)
            await output.WriteAsync(Encoding.UTF8.GetBytes(text ?? ""), cancellation);
        return code;
    }
}
