using Sluice.Fuzzing;
using Xunit.Abstractions;

namespace Sluice.Kube.Tests.Fuzzing;

/// <summary>Whatever stands in a kubeconfig: it is used, or refused with <see cref="KubeConfigException"/>.</summary>
public sealed class KubeConfigFuzz(ITestOutputHelper output)
{
    private const string Real = """
        apiVersion: v1
        kind: Config
        current-context: a
        contexts:
        - name: a
          context: {cluster: c, user: u, namespace: n}
        clusters:
        - name: c
          cluster: {server: "https://127.0.0.1:6443", certificate-authority-data: "QUJD", insecure-skip-tls-verify: true, proxy-url: "http://proxy:3128"}
        users:
        - name: u
          user:
            token: &token abc
            password: *token
            as-groups: [x, y]
            exec: {apiVersion: client.authentication.k8s.io/v1, command: echo, args: [a], env: [{name: A, value: b}], interactiveMode: Never}
        """;

    [Fact]
    public void Changed_files_are_used_or_refused()
    {
        using var folder = new TempFolder();
        var path = folder.File("config");
        var (inputs, used) = (0, 0);
        foreach (var (_, input) in Fuzz.Bytes(4_000, Real))
        {
            inputs++;
            File.WriteAllBytes(path, input);
            used += IsUsed(path) ? 1 : 0;
        }
        output.WriteLine($"figure: {inputs} kubeconfig files read, {used} of them are usable");
    }

    [Theory]
    [InlineData("deep list")]
    [InlineData("deep mapping")]
    [InlineData("list within itself")]
    [InlineData("many copies")]
    public void What_has_no_end_is_refused(string kind)
    {
        using var folder = new TempFolder();
        var path = folder.File("config");
        File.WriteAllText(path, kind switch
        {
            "deep list" => "a: " + new string('[', 100_000),
            "deep mapping" => "a: " + string.Concat(Enumerable.Repeat("{a: ", 100_000)),
            "list within itself" => "a: &a [*a]",
            _ => "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
                + string.Concat(Enumerable.Range(1, 12).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n")),
        });

        IsUsed(path).ShouldBeFalse();
    }

    private static bool IsUsed(string path)
    {
        try
        {
            KubeConfig.Load(path).Server.ShouldNotBeNull();
            return true;
        }
        catch (KubeConfigException)
        {
            return false;
        }
    }
}
