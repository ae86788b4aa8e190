using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Sluice.Kube;

/// <summary>Runs a credential program once.</summary>
internal static class ExecCredentialRunner
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <exception cref="KubeConfigException">The program is missing, failed, hung, or printed something else.</exception>
    public static async Task<ExecCredentialStatus> RunAsync(KubeConfig config, TimeProvider time, CancellationToken cancellationToken)
    {
        var command = config.Exec!;
        var start = new ProcessStartInfo(command.Command, command.Args)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in command.Environment)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = JsonSerializer.Serialize(Request(config), KubeJsonContext.Default.ExecCredential);

        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var process = Start(start, command);
        try
        {
            // A program that would ask a human finds the end of its input.
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(linked.Token);
            var errors = process.StandardError.ReadToEndAsync(linked.Token);
            await process.WaitForExitAsync(linked.Token);
            if (process.ExitCode != 0)
                throw new KubeConfigException($"{command.Command} failed ({process.ExitCode}): {(await errors).Trim()}");
            return Read(await output, command);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new KubeConfigException($"{command.Command} gave no credentials within {Limit.TotalSeconds} s", e);
        }
    }

    private static Process Start(ProcessStartInfo start, ExecCredentialCommand command)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            var hint = command.InstallHint is null ? "" : $" ({command.InstallHint})";
            throw new KubeConfigException($"Cannot run {command.Command}: {e.Message}{hint}", e);
        }
    }

    private static ExecCredential Request(KubeConfig config) => new()
    {
        ApiVersion = config.Exec!.ApiVersion,
        Kind = "ExecCredential",
        Spec = new ExecCredentialSpec
        {
            Cluster = config.Exec.ProvideClusterInfo
                ? new ExecCluster
                {
                    Server = config.Server.ToString(),
                    TlsServerName = config.TlsServerName,
                    InsecureSkipTlsVerify = config.InsecureSkipTlsVerify ? true : null,
                    CertificateAuthorityData = config.CertificateAuthority is { } ca ? Encoding.UTF8.GetBytes(ca.Read()) : null,
                    ProxyUrl = config.Proxy?.ToString(),
                }
                : null,
        },
    };

    private static ExecCredentialStatus Read(string output, ExecCredentialCommand command)
    {
        ExecCredential? answer;
        try
        {
            answer = JsonSerializer.Deserialize(output, KubeJsonContext.Default.ExecCredential);
        }
        catch (JsonException e)
        {
            throw new KubeConfigException($"{command.Command} did not print an ExecCredential", e);
        }

        if (answer?.ApiVersion != command.ApiVersion)
            throw new KubeConfigException($"{command.Command} answered in {answer?.ApiVersion}, expected {command.ApiVersion}");
        if (answer.Status is not { } status || (status.Token is null && status.ClientCertificateData is null))
            throw new KubeConfigException($"{command.Command} printed no credentials");
        if ((status.ClientCertificateData is null) != (status.ClientKeyData is null))
            throw new KubeConfigException($"{command.Command} printed a certificate or a key, but not both");
        return status;
    }
}
