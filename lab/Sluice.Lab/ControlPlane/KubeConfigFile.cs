using System.Text;

namespace Sluice.Lab.ControlPlane;

/// <summary>Writes a kubeconfig with one cluster and one user, everything embedded.</summary>
internal static class KubeConfigFile
{
    public static Task WriteAsync(string path, Uri server, string authority, KeyPair client, CancellationToken cancellation) =>
        PrivateFile.WriteAsync(path,
            $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: lab
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {Base64(authority)}
            users:
            - name: lab
              user:
                client-certificate-data: {Base64(client.Certificate)}
                client-key-data: {Base64(client.PrivateKey)}
            contexts:
            - name: lab
              context:
                cluster: lab
                user: lab
            current-context: lab

            """, cancellation);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
