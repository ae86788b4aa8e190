namespace Sluice.Agent.Netlink;

/// <summary>What a network namespace holds: links, addresses, routes. Answers are lists of a moment; the next moment may differ.</summary>
internal sealed class RtNetlink : IDisposable
{
    /// <summary>How often to list again when the kernel says that things changed meanwhile.</summary>
    private const int Attempts = 5;

    private readonly NetlinkSocket _socket;

    private RtNetlink(NetlinkSocket socket) => _socket = socket;

    /// <summary>Opens a socket in the namespace of the calling thread.</summary>
    public static RtNetlink Open() => new(NetlinkSocket.Open());

    /// <inheritdoc cref="NetlinkSocket.Execute"/>
    public void Execute(NetlinkBatch batch) => _socket.Execute(batch);

    /// <inheritdoc cref="NetlinkSocket.Try"/>
    public IReadOnlyList<NetlinkException> Try(NetlinkBatch batch) => _socket.Try(batch);

    public IReadOnlyList<LinkEntry> Links() => List(
        () => new NetlinkBatch().Begin(Rtm.GetLink, Rtm.Flag.Dump, new LinkHeader(), "list links")
            .Attribute(Rtm.Link.ExtendedMask, Rtm.Link.SkipStatistics),
        Rtm.NewLink,
        LinkEntry.Parse);

    /// <summary>The link of that name, or null.</summary>
    public LinkEntry? Link(string name) => FindLink(new LinkHeader(), name);

    /// <summary>The link of that index, or null.</summary>
    public LinkEntry? Link(int index) => FindLink(new LinkHeader { Index = index }, name: null);

    public IReadOnlyList<AddressEntry> Addresses() => List(
        () => new NetlinkBatch().Begin(Rtm.GetAddress, Rtm.Flag.Dump, new AddressHeader(), "list addresses"),
        Rtm.NewAddress,
        AddressEntry.Parse);

    /// <summary>The addresses of one link, in the kernel's order.</summary>
    public IReadOnlyList<AddressEntry> Addresses(int index) => [.. Addresses().Where(address => address.Index == index)];

    /// <summary>The routes of all tables.</summary>
    public IReadOnlyList<RouteEntry> Routes() => List(
        () => new NetlinkBatch().Begin(Rtm.GetRoute, Rtm.Flag.Dump, new RouteHeader(), "list routes"),
        Rtm.NewRoute,
        RouteEntry.Parse);

    public void Dispose() => _socket.Dispose();

    private LinkEntry? FindLink(LinkHeader header, string? name)
    {
        var request = new NetlinkBatch().Begin(Rtm.GetLink, 0, header, $"get link {name}")
            .Attribute(Rtm.Link.ExtendedMask, Rtm.Link.SkipStatistics);
        if (name is not null)
            request.Attribute(Rtm.Link.Name, name);
        LinkEntry? link = null;
        try
        {
            _socket.Get(request, (type, payload) => link = type == Rtm.NewLink ? LinkEntry.Parse(payload) : link);
        }
        catch (NetlinkException e) when (e.IsMissing)
        {
            return null;
        }
        return link;
    }

    private delegate T? Parser<T>(ReadOnlySpan<byte> payload);

    private List<T> List<T>(Func<NetlinkBatch> request, ushort wanted, Parser<T> parse)
        where T : class
    {
        var entries = new List<T>();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            entries.Clear();
            var consistent = _socket.Get(request(), (type, payload) =>
            {
                if (type == wanted && parse(payload) is { } entry)
                    entries.Add(entry);
            });
            if (consistent)
                break;
        }
        return entries;
    }
}
