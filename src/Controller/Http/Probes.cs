using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Controller.Options;
using Sluice.Metrics;

namespace Sluice.Controller.Http;

/// <summary>What the kubelet and Prometheus ask. Processes that do not lead answer, too.</summary>
internal static class Probes
{
    private static readonly string[] Liveness = ["/healthz", "/livez"];

    public static void MapProbes(this IEndpointRouteBuilder app, ControllerHost controller, ControllerOptions options)
    {
        foreach (var path in Liveness)
            app.MapGet(path, () => Answer(controller.NotAlive));
        app.MapGet("/readyz", () => Answer(controller.NotReady));
        if (options.EnableMetrics)
            app.MapGet("/metrics", () => Results.Text(controller.Metrics.ToString(), MetricsText.ContentType));
    }

    /// <param name="problem">Null when there is none.</param>
    private static IResult Answer(string? problem) => problem is null
        ? Results.Text("ok")
        : Results.Text(problem, statusCode: StatusCodes.Status503ServiceUnavailable);
}
