namespace Sluice.Controller.Tests.CrashPoints;

/// <summary>Asks a <see cref="Fuse"/> before each write to the API server; Events and renewals of the lease, which come when they like, are not counted.</summary>
internal sealed class FusedHandler(Fuse fuse, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var passage = IsEffect(request) ? fuse.Enter() : fuse.IsDead ? Passage.Fails : Passage.Passes;
        if (passage == Passage.Fails)
            throw new HttpRequestException("Cut off");

        // A request that is under way is carried out even if its sender dies.
        var response = await base.SendAsync(request, passage == Passage.LosesAnswer ? CancellationToken.None : cancellationToken);
        if (passage == Passage.LosesAnswer)
            fuse.Blow();
        else if (!fuse.IsDead)
            return response;
        response.Dispose();
        throw new HttpRequestException("The answer was cut off");
    }

    private static bool IsEffect(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath;
        return request.Method != HttpMethod.Get
            && !path.EndsWith("/events", StringComparison.Ordinal)
            && !path.Contains("/events/", StringComparison.Ordinal)
            && !path.Contains("/leases/", StringComparison.Ordinal);
    }
}
