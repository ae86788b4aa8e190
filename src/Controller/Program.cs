using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Controller;
using Sluice.Controller.Audit;
using Sluice.Controller.Cleanup;
using Sluice.Controller.Http;
using Sluice.Controller.Options;
using Sluice.Kube;

var cleanup = CleanupOptions.Take(args, out var flags);
ControllerOptions options;
IReadOnlyList<string> withoutEffect;
KubeConfig cluster;
try
{
    (options, withoutEffect) = ControllerFlags.Parse(flags, Environment.GetEnvironmentVariable);
    cluster = KubeConfig.Load(options.Kubeconfig.Length == 0 ? null : options.Kubeconfig);
}
catch (Exception e) when (e is FormatException or KubeConfigException)
{
    await Console.Error.WriteLineAsync($"sluice-controller: {e.Message}");
    return 2;
}

// Its next incarnation must be able to tell itself from this one.
options = options with { Election = options.Election with { Identity = $"{options.Election.Identity}_{Guid.NewGuid():N}" } };

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders().AddKlog(options.Verbosity);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(options.HttpAddress, options.HttpPort));
await using var app = builder.Build();
var logs = app.Services.GetRequiredService<ILoggerFactory>();

using var kube = new KubeClient(cluster, new KubeClientOptions { UserAgent = "sluice-controller" }, logs.CreateLogger<KubeClient>());
if (cleanup is not null)
    return await new CleanupCommand(options, cleanup, kube, logs, TimeProvider.System, Console.Out).RunAsync(app.Lifetime.ApplicationStopping);
if (options.AuditOnly)
    return await new AuditCommand(options, kube, logs, TimeProvider.System, Console.Out).RunAsync(app.Lifetime.ApplicationStopping);

var controller = new ControllerHost(options, kube, logs, TimeProvider.System);

var log = logs.CreateLogger("sluice-controller");
log.Starting(options.ToString());
foreach (var flag in withoutEffect)
    log.FlagWithoutEffect(flag);

app.MapProbes(controller, options);
await app.StartAsync();
var isReplaced = await controller.RunAsync(app.Lifetime.ApplicationStopping);
await app.StopAsync();

// Whoever restarts us learns that we did not stop of our own accord.
return isReplaced ? 1 : 0;
