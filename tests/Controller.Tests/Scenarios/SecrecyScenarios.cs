using System.Text;
using System.Text.RegularExpressions;
using Sluice.Api;
using Sluice.Controller.Tests.Support;

namespace Sluice.Controller.Tests.Scenarios;

/// <summary>What the program was given to prove who it is never appears in what it says, however much it was told to say.</summary>
[Collection(ScenarioCollection.Name)]
public sealed partial class SecrecyScenarios(ApiServerFixture server)
{
    private const string Token = "token-that-nobody-may-read";

    [Fact]
    public async Task The_most_verbose_log_holds_no_token_and_no_key()
    {
        await using var world = await World.StartAsync(server, controller: false);
        await world.CreateAsync(SluiceResources.OvnEips, Objects.Eip("e1"));
        var config = await File.ReadAllTextAsync(server.ControllerKubeConfig);
        var key = Encoding.ASCII.GetString(Convert.FromBase64String(KeyData().Match(config).Groups[1].Value));

        var log = await LogAsync(world, config.Replace("    client-key-data:", $"    token: {Token}\n    client-key-data:", StringComparison.Ordinal), "OvnEip/e1");
        log.ShouldNotContain(Token);
        UsableLines(key).ShouldAllBe(line => !log.Contains(line));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_not_repeated()
    {
        await using var world = await World.StartAsync(server, controller: false);
        var config = ClientPair().Replace(await File.ReadAllTextAsync(server.ControllerKubeConfig), $"    token: {Token}\n");

        (await LogAsync(world, config, "Unauthorized")).ShouldNotContain(Token);
    }

    /// <summary>The log up to a line that says what is waited for, and that of stopping.</summary>
    private async Task<string> LogAsync(World world, string config, string awaited)
    {
        var path = Path.Combine(Path.GetDirectoryName(server.ControllerKubeConfig)!, "secret.yaml");
        await File.WriteAllTextAsync(path, config);
        using var program = ControllerProgram.Start(
            $"--kubeconfig={path}", $"--ovn-nb-addr={world.Options.NorthboundAddress}", $"--ovn-sb-addr={world.Options.SouthboundAddress}",
            $"--pprof-port={ControllerProgram.FreePort()}", "--external-gateway-switch=external204", "-v", "9");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var log = new StringBuilder();
        try
        {
            do log.AppendLine(await program.StandardError.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException($"It ended:\n{log}"));
            while (!log.ToString().Contains(awaited, StringComparison.Ordinal));
        }
        finally
        {
            await ControllerProgram.SignalAsync(program, "TERM");
            log.Append(await program.StandardError.ReadToEndAsync());
            await program.WaitForExitAsync();
            File.Delete(path);
        }
        return log.ToString();
    }

    /// <summary>What a key in PEM is worth something for.</summary>
    private static string[] UsableLines(string pem) => [.. pem.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('-'))];

    [GeneratedRegex("client-key-data: (.*)")]
    private static partial Regex KeyData();

    [GeneratedRegex("    client-certificate-data: .*\n    client-key-data: .*\n")]
    private static partial Regex ClientPair();
}
