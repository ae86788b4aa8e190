namespace Sluice.Kube;

/// <summary>The <c>exec</c> entry of a kubeconfig user: a program that prints an ExecCredential (client.authentication.k8s.io).</summary>
public sealed record ExecCredentialCommand
{
    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>/v1beta1</c>; the program must answer in the same version.</summary>
    public required string ApiVersion { get; init; }

    public required string Command { get; init; }

    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>Set in addition to our own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What to tell the user when the program is not installed.</summary>
    public string? InstallHint { get; init; }

    /// <summary>Tells the program which cluster the credentials are for.</summary>
    public bool ProvideClusterInfo { get; init; }
}
