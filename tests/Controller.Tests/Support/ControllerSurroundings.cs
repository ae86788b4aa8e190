using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Sluice.Kube;

namespace Sluice.Controller.Tests.Support;

/// <summary>What a controller in this process is given beside its options.</summary>
internal sealed record ControllerSurroundings
{
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What its requests go through; see <see cref="KubeClientOptions.Intercept"/>.</summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? Intercept { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
