using System.Net;
using System.Text;
using Sluice.Controller.Tests.CrashPoints;

namespace Sluice.Controller.Tests.Stories;

/// <summary>
/// A day on which the API server is overloaded, forgets what it was watched from, refuses what is not the newest and breaks connections, and on
/// which answers of the northbound database get lost. Drawn from a seed; leases are left alone, whose loss ends the program.
/// </summary>
internal sealed class BadDay
{
    /// <summary>How many kinds of trouble <see cref="Suffered"/> can name.</summary>
    public const int Kinds = 8;

    private const int Every = 12;

    private readonly Lock _gate = new();
    private readonly Random _random;
    private readonly Dictionary<string, int> _suffered = [];
    private volatile bool _isOver;

    public BadDay(int seed)
    {
        _random = new(seed);
        Fuse.ArmAtRandom(new Random(seed), Every);
    }

    /// <summary>Cuts writes and transactions off.</summary>
    public Fuse Fuse { get; } = new();

    /// <summary>What went wrong how often.</summary>
    public IReadOnlyDictionary<string, int> Suffered
    {
        get
        {
            lock (_gate)
                return new Dictionary<string, int>(_suffered) { ["write or transaction cut off"] = Fuse.Cuts };
        }
    }

    /// <summary>Everything works from now on.</summary>
    public void End()
    {
        _isOver = true;
        Fuse.Disarm();
    }

    /// <summary>What the requests of a controller go through.</summary>
    public HttpMessageHandler Intercept(HttpMessageHandler inner) => new FusedHandler(Fuse, new Handler(this, inner));

    private int? Draw(int kinds)
    {
        lock (_gate)
            return !_isOver && _random.Next(Every) == 0 ? _random.Next(kinds) : null;
    }

    private int Next(int below)
    {
        lock (_gate) return _random.Next(below);
    }

    private void Note(string kind)
    {
        lock (_gate) _suffered[kind] = _suffered.GetValueOrDefault(kind) + 1;
    }

    private sealed class Handler(BadDay day, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath.Contains("/leases", StringComparison.Ordinal))
                return await base.SendAsync(request, cancellationToken);
            return request.RequestUri.Query.Contains("watch=", StringComparison.Ordinal)
                ? await WatchAsync(request, cancellationToken)
                : await AskAsync(request, cancellationToken);
        }

        private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            switch (day.Draw(5))
            {
                case 0:
                    day.Note("429 Too Many Requests");
                    var refused = Answer(request, HttpStatusCode.TooManyRequests, "TooManyRequests");
                    refused.Headers.RetryAfter = new(TimeSpan.Zero);
                    return refused;
                case 1:
                    day.Note("500 Internal Server Error");
                    return Answer(request, HttpStatusCode.InternalServerError, "InternalError");
                case 2 when request.Method == HttpMethod.Put:
                    // A conflict that is none would be a lie: whoever wrote in between also shows in the watch.
                    day.Note("409 Conflict");
                    await TouchAsync(request.RequestUri!, cancellation);
                    break;
                case 3:
                    day.Note("connection refused");
                    throw new HttpRequestException("Connection refused, on a bad day");
                case 4:
                    day.Note("slow answer");
                    await Task.Delay(day.Next(300), cancellation);
                    break;
            }
            return await base.SendAsync(request, cancellation);
        }

        private async Task<HttpResponseMessage> WatchAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            // Watches are few and last, so that most of them are troubled.
            switch (day._isOver ? -1 : day.Next(3))
            {
                case 0:
                    day.Note("410 Expired");
                    return Answer(request, HttpStatusCode.OK, """{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","code":410}}""" + "\n", raw: true);
                case 1:
                    day.Note("watch cut off");
                    var answer = await base.SendAsync(request, cancellation);
                    answer.Content = new StreamContent(new CutStream(await answer.Content.ReadAsStreamAsync(cancellation), day.Next(20_000)));
                    return answer;
                default:
                    return await base.SendAsync(request, cancellation);
            }
        }

        private async Task TouchAsync(Uri item, CancellationToken cancellation)
        {
            const string Status = "/status";
            var path = item.AbsolutePath;
            using var touch = new HttpRequestMessage(HttpMethod.Patch, new Uri(item, path.EndsWith(Status, StringComparison.Ordinal) ? path[..^Status.Length] : path))
            {
                Content = new StringContent($$"""{"metadata": {"annotations": {"touched": "{{Guid.NewGuid()}}"} } }""", Encoding.UTF8, "application/merge-patch+json"),
            };
            (await base.SendAsync(touch, cancellation)).Dispose();
        }

        private static HttpResponseMessage Answer(HttpRequestMessage request, HttpStatusCode code, string text, bool raw = false) => new(code)
        {
            RequestMessage = request,
            Content = new StringContent(
                raw ? text : $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"a bad day","reason":"{{text}}","code":{{(int)code}}}""",
                Encoding.UTF8,
                "application/json"),
        };
    }

    /// <summary>A stream that breaks after so many bytes.</summary>
    private sealed class CutStream(Stream inner, int left) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (left == 0)
                throw new IOException("Cut off, on a bad day");
            var read = await inner.ReadAsync(buffer[..Math.Min(left, buffer.Length)], cancellationToken);
            left -= read;
            return read;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
