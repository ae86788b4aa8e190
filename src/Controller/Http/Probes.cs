using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Controller.Options;

namespace Sluice.Controller.Http;

/// <summary>What the kubelet and Prometheus ask. Processes that do not lead answer, too.</summary>
internal static class Probes
{
    private static readonly string[] Liveness = ["/healthz", "/livez"];

    public static void MapProbes(this IEndpointRouteBuilder app, ControllerHost controller, ControllerOptions options)
    {
        foreach (var path in Liveness)
            app.MapGet(path, () => Results.Text("ok"));
        app.MapGet("/readyz", () => controller.IsReady
            ? Results.Text("ok")
            : Results.Text("not in sync yet", statusCode: StatusCodes.Status503ServiceUnavailable));
        if (options.EnableMetrics)
            app.MapGet("/metrics", () => Results.Text(controller.Metrics.ToString(), "text/plain; version=0.0.4"));
    }
}
