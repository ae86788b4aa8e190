using System.ComponentModel;

namespace Sluice.Agent.Netlink;

/// <summary>The kernel refused a request (netlink(7), NLMSG_ERROR).</summary>
/// <param name="what">The request, as a person would say it.</param>
/// <param name="errno">See errno(3).</param>
/// <param name="detail">The kernel's own words (NLMSGERR_ATTR_MSG), or null.</param>
internal sealed class NetlinkException(string what, int errno, string? detail = null)
    : Exception($"{what}: {detail ?? new Win32Exception(errno).Message}")
{
    private const int Enoent = 2;
    private const int Esrch = 3;
    private const int Ebusy = 16;
    private const int Eexist = 17;
    private const int Enodev = 19;
    private const int Eaddrnotavail = 99;

    public int Errno { get; } = errno;

    /// <summary>The type of the request, one of <see cref="Rtm"/>; zero when there was none.</summary>
    public ushort Request { get; init; }

    /// <summary>What was to be created exists already.</summary>
    public bool IsExists => Errno == Eexist;

    /// <summary>What was to be changed or deleted does not exist: a link, an address or a route.</summary>
    public bool IsMissing => Errno is Enodev or Enoent or Esrch or Eaddrnotavail;

    /// <summary>The link has to be down for the change.</summary>
    public bool IsBusy => Errno == Ebusy;
}
